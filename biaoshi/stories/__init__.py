"""Stories: scripted conversations with whole networks in virtual time, each a sequence diagram held to the letter.

language.py   what may stand in a .story file
teller.py     tells a story: does what its lines say, and writes down every packet
diagram.py    a packet as a line of a diagram
*.story       the stories, by what they are about
"""
