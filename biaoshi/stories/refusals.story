# What is no proper message, and what becomes of it.

== Too short to be an envelope: silence
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 0203
      1.000  client -> enterprise-88.118.8                udp  unreadable <2 eae621c7>
> raw recursive-1 0203
  60001.000  client -> recursive-1                        udp  unreadable <2 eae621c7>

== An envelope without a message
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 020b0000000000000000000100000000000000 
      1.000  client -> enterprise-88.118.8                udp  unreadable <19 9fc1bc6e>
> raw enterprise-88.118.8 020b00000000000000000001000000000000000000000000
  60001.000  client -> enterprise-88.118.8                udp  unreadable <24 d130a5b1>
  60002.000  enterprise-88.118.8 -> client                udp  PROTOCOL_ERROR to 0 message Invalid message length version 2.3 suggesting 2.11

== A length that promises more than there is
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 020b0000000000000000000100000000000000ff0000000100000000
      1.000  client -> enterprise-88.118.8                udp  unreadable <28 01849822> that begins as RESOLUTION
      2.000  enterprise-88.118.8 -> client                udp  PROTOCOL_ERROR to 0 message Expecting 255 bytes, only received 8 version 2.3 suggesting 2.11

== A length that promises more than is allowed
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 020b000000000000000000010000000000ffffff00000001 tcp
      1.000  client -> enterprise-88.118.8                tcp  unreadable <24 1aa1b357>
      2.000  enterprise-88.118.8 -> client                tcp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== An operation that nobody knows
cite RFC 3652 §2.2.2.1
> op enterprise-88.118.8 77 88.118.8/JXDY2106023
      1.000  client -> enterprise-88.118.8                udp  77 octets <24 935817f4>, reason  serial 1
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> op recursive-1 77 88.118.8/JXDY2106023
      3.000  client -> recursive-1                        udp  77 octets <24 935817f4>, reason  serial 1
      4.000  recursive-1 -> client                        udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> op enterprise-88.118.8 77 88.118.8/JXDY2106023 tcp
      5.000  client -> enterprise-88.118.8                tcp  77 octets <24 935817f4>, reason  serial 1
      6.000  enterprise-88.118.8 -> client                tcp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== An operation of number nought
cite RFC 3652 §2.2.2.1
> op enterprise-88.118.8 0
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 79740718> that begins as 0
      2.000  enterprise-88.118.8 -> client                udp  PROTOCOL_ERROR to 0 message Invalid message length version 2.3 suggesting 2.11

== A response where a request should be
cite RFC 3652 §2.2.2.2
> op enterprise-88.118.8 1 code=1
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 43251488> that begins as RESOLUTION, code SUCCESS
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> op recursive-1 1 code=100
      3.000  client -> recursive-1                        udp  HANDLE_NOT_FOUND serial 1
      4.000  recursive-1 -> client                        udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== A resolution whose body is only a handle
cite RFC 3652 §2.2.2.1
> op enterprise-88.118.8 1 88.118.8/JXDY2106023
      1.000  client -> enterprise-88.118.8                udp  unreadable <72 cbc5d560> that begins as RESOLUTION
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== A body that promises more values than there are octets
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 020b00000000000000000007000000000000002b000000010000000019000000ffff0000700000000000000f00000003414243ffffffff0000000000000000
      1.000  client -> enterprise-88.118.8                udp  unreadable <63 bad01170> that begins as RESOLUTION
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== A question that has expired is answered all the same
cite RFC 3652 §2.2.2.6
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL expires=-90000
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL expires -90000 s
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL expires=never
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL never expires
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== Version nought and version 99
cite RFC 3652 §2.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=0.0
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 0.0 suggesting 2.11
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=99.1
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 99.1 suggesting 2.11
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== A session that nobody began
cite RFC 3652 §3.8
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL session=4711
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL session 4711
      2.000  enterprise-88.118.8 -> client                udp  SESSION_TIMEOUT message <57 f1b83ea5> [+AUTHORITATIVE] session 4711 serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=URL session=4711
      3.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL session 4711
      4.000  recursive-1 -> client                        udp  SESSION_TIMEOUT message <57 f1b83ea5> session 4711 serial 1

== A part of a message, whose other parts never come
cite RFC 3652 §2.3
> raw enterprise-88.118.8 020b2000000000000000000900000000000002000102030405060708
      1.000  client -> enterprise-88.118.8                udp  fragment 0 of 512 octets, <8 3fca88c5>
> wait 6
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL
  66001.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
  66002.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== A part with a number beyond the end
cite RFC 3652 §2.3
> raw enterprise-88.118.8 020b2000000000000000000900ffffff000002000102030405060708
      1.000  client -> enterprise-88.118.8                udp  fragment 16777215 of 512 octets, <8 3fca88c5>

== An encrypted message of no session
cite RFC 3652 §3.8
> raw enterprise-88.118.8 020b40000000000000000009000000000000001000000000000000000000000000000000
      1.000  client -> enterprise-88.118.8                udp  encrypted, session 0, <16 ecbb4b55>
      2.000  enterprise-88.118.8 -> client                udp  SESSION_FAILED to 0 version 2.3 suggesting 2.11

== An encrypted message of a session that nobody began
cite RFC 3652 §3.8
> raw enterprise-88.118.8 020b40000000123400000009000000000000001000000000000000000000000000000000
      1.000  client -> enterprise-88.118.8                udp  encrypted, session 4660, <16 ecbb4b55>
      2.000  enterprise-88.118.8 -> client                udp  SESSION_TIMEOUT to 0 version 2.3 suggesting 2.11

== A compressed message
cite RFC 3652 §2.2.1
> raw enterprise-88.118.8 020b80000000000000000009000000000000001000000000000000000000000000000000
      1.000  client -> enterprise-88.118.8                udp  unreadable <36 b2a0d33f> that begins as 0
      2.000  enterprise-88.118.8 -> client                udp  PROTOCOL_ERROR to 0 message Invalid message length version 2.3 suggesting 2.11

== A challenge answer to no challenge
cite RFC 3652 §3.5.2
> op enterprise-88.118.8 200
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 43783ee5> that begins as CHALLENGE_ANSWER
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== A recursive node is not one to write to
cite behaviour of the reference, recursion
> create recursive-1 88.118.8/NEW 1:URL:https://x.example as 88.118.8:key
      1.000  client -> recursive-1                        tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://x.example ttl 86400 at 1790000000) serial 1
      2.000  recursive-1 -> client                        tcp  ERROR to CREATE_HANDLE message Not a primary server serial 1
> delete recursive-1 88.118.8/JXDY2106023 as 88.118.8:key
      3.000  client -> recursive-1                        tcp  DELETE_HANDLE 88.118.8/JXDY2106023 serial 1
      4.000  recursive-1 -> client                        tcp  ERROR to DELETE_HANDLE message Not a primary server serial 1
> list recursive-1 0.NA/88.118.8 as 88.118.8:key
      5.000  client -> recursive-1                        tcp  LIST_HANDLES 0.NA/88.118.8 serial 1
      6.000  recursive-1 -> client                        tcp  ERROR to LIST_HANDLES message Not a primary server serial 1

== A recursive node is asked to begin a session
cite RFC 3652 §3.8
> setup recursive-1 as 88.118.8:key in=one
      1.000  client -> recursive-1                        tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  recursive-1 -> client                        tcp  ERROR to SESSION_SETUP message Not a primary server [+CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 7c88c6d0>

== The end of a session that was never begun
cite RFC 3652 §3.8
> op enterprise-88.118.8 401
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 cedf275c> that begins as SESSION_TERMINATE
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== Replication is not served
cite behaviour of the reference, replication
> op enterprise-88.118.8 1000
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 01019dc1> that begins as GET_NEXT_TXN_ID
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> op enterprise-88.118.8 1001
      3.000  client -> enterprise-88.118.8                udp  unreadable <48 feeb32af> that begins as RETRIEVE_TXN_LOG
      4.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> op enterprise-88.118.8 1002
      5.000  client -> enterprise-88.118.8                udp  unreadable <48 4bf693e3> that begins as DUMP_HANDLES
      6.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== The list of homed prefixes wants proof
cite behaviour of the reference, order of decisions
> op secondary-88.118 302 0.NA/88.118
      1.000  client -> secondary-88.118                   udp  LIST_HOMED_PREFIXES 0.NA/88.118 serial 1
      2.000  secondary-88.118 -> client                   udp  AUTHENTICATION_NEEDED to LIST_HOMED_PREFIXES nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 9d7fcd12>

== A verification is asked for with a body that is none
cite RFC 3652 §3.5.3
> op enterprise-88.118.8 201 88.118.8/JXDY2106023
      1.000  client -> enterprise-88.118.8                udp  unreadable <72 7b963527> that begins as VERIFY
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== A login without a handle
cite national SDK 2.3.1, login
> op enterprise-88.118.8 2001
      1.000  client -> enterprise-88.118.8                udp  unreadable <48 4a2c6114> that begins as LOGIN
      2.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11

== Octets from nowhere between two questions do no harm
cite RFC 3652 §2.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> raw enterprise-88.118.8 ffffffffffffffffffffffffffffffffffffffffffffffffffffffff
      3.000  client -> enterprise-88.118.8                udp  fragment 4294967295 of 4294967295 octets, <8 2144df1c>
      4.000  enterprise-88.118.8 -> client                udp  ERROR to 0 message Server error processing request, see server logs version 2.3 suggesting 2.11
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL
      5.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      6.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
