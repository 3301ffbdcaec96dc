"""The web console of a running network: look at it, ask it, load it, break it, from a browser.

browser <--pages, JSON, server-sent events-- server.py (one process) --state file, admin pages, packets--> nodes

guard.py     who may say what: Host, token, headers
events.py    what happens, told to every page that looks; one poller for all of them, none when nobody does
picture.py   what nodes have counted -> figures; who stands where
node.py      one node: configuration, prefixes, records, caches, metrics
packets.py   a resolution and its packets as JSON
walk.py      a resolution that waits for a word before each hop
loads.py     the load that is under way
api.py       paths -> all of that
server.py    the HTTP server
assets/      what the browser gets; no build step
"""
