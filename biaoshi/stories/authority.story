# An authority and its records: what it answers, in which order it refuses, and whom it lets see secrets.

== An authority answers what it holds, and says that it is one
cite RFC 3652 §3.2.2
> ask enterprise-88.118.8 88.118.8/JXDY2106023
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] serial 1

== An authority is asked about another's item
cite RFC 3652 §2.2.2.2
> ask enterprise-88.118.8 88.300.35/NX22CH31080
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.300.35/NX22CH31080
      2.000  enterprise-88.118.8 -> client                udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> ask enterprise-88.300.35 88.118.8/JXDY2106023
      3.000  client -> enterprise-88.300.35               udp  RESOLUTION 88.118.8/JXDY2106023
      4.000  enterprise-88.300.35 -> client               udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1

== A secondary node is asked about an item of an enterprise below it
cite RFC 3652 §2.2.2.2
> ask secondary-88.118 88.118.8/JXDY2106023
      1.000  client -> secondary-88.118                   udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  secondary-88.118 -> client                   udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1

== The root is asked about an item
cite RFC 3652 §2.2.2.2
> ask root-1 88.118.8/JXDY2106023
      1.000  client -> root-1                             udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  root-1 -> client                             udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1

== A prefix whose secondary node is known is referred to it
cite RFC 3652 §3.4
> ask root-1 0.NA/88.118.8
      1.000  client -> root-1                             udp  RESOLUTION 0.NA/88.118.8
      2.000  root-1 -> client                             udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] serial 1
> ask national-88 0.NA/88.118.8
      3.000  client -> national-88                        udp  RESOLUTION 0.NA/88.118.8
      4.000  national-88 -> client                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] serial 1

== Who does not want to be referred is told that there is nothing
cite RFC 3652 §3.4
> ask root-1 0.NA/88.118.8 norefer
      1.000  client -> root-1                             udp  RESOLUTION 0.NA/88.118.8 [+DO_NOT_REFER]
      2.000  root-1 -> client                             udp  HANDLE_NOT_FOUND [+AUTHORITATIVE +DO_NOT_REFER] serial 1
> ask national-88 0.NA/88.118.8 norefer
      3.000  client -> national-88                        udp  RESOLUTION 0.NA/88.118.8 [+DO_NOT_REFER]
      4.000  national-88 -> client                        udp  HANDLE_NOT_FOUND [+AUTHORITATIVE +DO_NOT_REFER] serial 1

== A prefix that nobody has is referred, too, as far as the nearest who could know
cite RFC 3652 §3.4
> ask national-88 0.NA/88.118.77
      1.000  client -> national-88                        udp  RESOLUTION 0.NA/88.118.77
      2.000  national-88 -> client                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] serial 1
> ask secondary-88.118 0.NA/88.118.77
      3.000  client -> secondary-88.118                   udp  RESOLUTION 0.NA/88.118.77
      4.000  secondary-88.118 -> client                   udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1
> ask secondary-88.118 0.NA/88.118.77.5
      5.000  client -> secondary-88.118                   udp  RESOLUTION 0.NA/88.118.77.5
      6.000  secondary-88.118 -> client                   udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1

== Several labels below: the nearest ancestor refers
cite RFC 3652 §3.4
> ask root-1 0.NA/88.118.8.7.6
      1.000  client -> root-1                             udp  RESOLUTION 0.NA/88.118.8.7.6
      2.000  root-1 -> client                             udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] serial 1
> ask national-88 0.NA/88.118.8.7.6
      3.000  client -> national-88                        udp  RESOLUTION 0.NA/88.118.8.7.6
      4.000  national-88 -> client                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] serial 1

== A prefix of another family
cite RFC 3652 §3.4
> ask national-88 0.NA/86.1000
      1.000  client -> national-88                        udp  RESOLUTION 0.NA/86.1000
      2.000  national-88 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> ask root-1 0.NA/86.1000
      3.000  client -> root-1                             udp  RESOLUTION 0.NA/86.1000
      4.000  root-1 -> client                             udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1

== A record that exists before one that is referred
cite RFC 3652 §3.4
> ask national-88 0.NA/88.118 type=HS_SITE
      1.000  client -> national-88                        udp  RESOLUTION 0.NA/88.118, types HS_SITE
      2.000  national-88 -> client                        udp  SUCCESS 0.NA/88.118, (1 HS_SITE <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] serial 1

== A public question sees no secret value
cite RFC 3652 §2.2.2.3
> ask enterprise-88.118.8 88.118.8/JXDY2106023-KEYS
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023-KEYS
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023-KEYS, (1 URL https://jxdy.example/k/JXDY2106023 ttl 86400) (3 DESC <57 04eeae51> ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (2000 SEALED_BY 检定员 07 ttl 86400) [+AUTHORITATIVE] serial 1

== A record of nothing but secrets looks empty to the public
cite RFC 3652 §2.2.2.3
> ask enterprise-88.300.35 88.300.35/LEDGER type=LEDGER
      1.000  client -> enterprise-88.300.35               udp  RESOLUTION 88.300.35/LEDGER, types LEDGER
      2.000  enterprise-88.300.35 -> client               udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1

== A secret value is asked for by its index
cite RFC 3652 §2.2.2.3
> ask enterprise-88.118.8 88.118.8/JXDY2106023-KEYS index=1100
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023-KEYS, indexes 1100
      2.000  enterprise-88.118.8 -> client                udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1

== A question that wants secrets is asked who it is
cite RFC 3652 §3.5.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023-KEYS secret
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023-KEYS [-PUBLIC_ONLY]
      2.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED nonce <16 8c4ea5f4> [+AUTHORITATIVE -PUBLIC_ONLY +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 93d603d1>

== A question that wants secrets, about a record without any, is answered
cite RFC 3652 §2.2.2.3
> ask enterprise-88.118.8 88.118.8/JXDY2106023 secret
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023 [-PUBLIC_ONLY]
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE -PUBLIC_ONLY] serial 1

== A value that even administrators may not read
cite RFC 3652 §2.2.2.3
> put enterprise-88.118.8 88.118.8/SEALED "1:KEY:sealed;perm=0000" "2:URL:https://x.example"
> ask enterprise-88.118.8 88.118.8/SEALED secret
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/SEALED [-PUBLIC_ONLY]
      2.000  enterprise-88.118.8 -> client                udp  INSUFFICIENT_PERMISSIONS [+AUTHORITATIVE -PUBLIC_ONLY] serial 1
> ask enterprise-88.118.8 88.118.8/SEALED
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/SEALED
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/SEALED, (2 URL https://x.example ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== A certified answer is signed with the key of the node
cite RFC 3652 §2.2.4
> ask enterprise-88.118.8 88.118.8/JXDY2101056 type=URL cert
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2101056, types URL [+CERTIFY +REQUEST_DIGEST]
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 ddaf4256> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 445579fb>

== A refusal is signed, too, if that is asked for
cite RFC 3652 §2.2.4
> ask enterprise-88.118.8 88.118.8/NO-SUCH-METER cert
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NO-SUCH-METER [+CERTIFY +REQUEST_DIGEST]
      2.000  enterprise-88.118.8 -> client                udp  HANDLE_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 1332bea8> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 31e9a204>

== The status of a server is no public thing
cite RFC 3652 §2.2.2.3
> ask enterprise-88.118.8 0.SITE/status
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 0.SITE/status
      2.000  enterprise-88.118.8 -> client                udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 0.SITE/status secret
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 0.SITE/status [-PUBLIC_ONLY]
      4.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED nonce <16 8c4ea5f4> [+AUTHORITATIVE -PUBLIC_ONLY +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 d7ff9b91>

== An empty handle
cite RFC 3651 §2
> ask enterprise-88.118.8 ""
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION
      2.000  enterprise-88.118.8 -> client                udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> ask recursive-1 ""
      3.000  client -> recursive-1                        udp  RESOLUTION
      4.000  recursive-1 -> root-1                        udp  RESOLUTION recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A handle that is only a slash
cite RFC 3651 §2
> ask enterprise-88.118.8 /
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION /
      2.000  enterprise-88.118.8 -> client                udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> ask recursive-1 /
      3.000  client -> recursive-1                        udp  RESOLUTION /
      4.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A handle whose suffix is empty
cite RFC 3651 §2
> ask enterprise-88.118.8 88.118.8/
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/
      2.000  enterprise-88.118.8 -> client                udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/
      3.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/
      4.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      9.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/ recursion 1 serial 1
     11.000  enterprise-88.118.8 -> recursive-1           udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A handle with two slashes: the first one divides
cite RFC 3651 §2
> put enterprise-88.118.8 88.118.8/A/B "1:DESC:two slashes"
> ask recursive-1 88.118.8/A/B
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/A/B
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/A/B recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/A/B, (1 DESC two slashes ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/A/B, (1 DESC two slashes ttl 86400 at 1790000000) serial 1

== Twelve values: all of them, or some, each once
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/MANY 1:A:one 2:B:two 3:C:three 4:D:four 5:E:five 6:F:six 7:G:seven 8:H:eight 9:I:nine 10:J:ten 11:K:eleven 12:L:twelve
> ask enterprise-88.118.8 88.118.8/MANY
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/MANY
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/MANY, (1 A one ttl 86400 at 1790000000) (2 B two ttl 86400 at 1790000000) (3 C three ttl 86400 at 1790000000) (4 D four ttl 86400 at 1790000000) (5 E five ttl 86400 at 1790000000) (6 F six ttl 86400 at 1790000000) (7 G seven ttl 86400 at 1790000000) (8 H eight ttl 86400 at 1790000000) (9 I nine ttl 86400 at 1790000000) (10 J ten ttl 86400 at 1790000000) (11 K eleven ttl 86400 at 1790000000) (12 L twelve ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/MANY index=3,5,3
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/MANY, indexes 3 5 3
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/MANY, (3 C three ttl 86400 at 1790000000) (5 E five ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== Values come in the order in which they are stored
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/ORDER 9:Z:nine 1:A:one 5:M:five
> ask enterprise-88.118.8 88.118.8/ORDER
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/ORDER
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/ORDER, (9 Z nine ttl 86400 at 1790000000) (1 A one ttl 86400 at 1790000000) (5 M five ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/ORDER index=5,9
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/ORDER, indexes 5 9
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/ORDER, (9 Z nine ttl 86400 at 1790000000) (5 M five ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== A value of no octets at all
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/EMPTY 1:DESC:
> ask enterprise-88.118.8 88.118.8/EMPTY
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/EMPTY
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/EMPTY, (1 DESC <0 00000000> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== A record without values
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/NOTHING
> ask enterprise-88.118.8 88.118.8/NOTHING
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NOTHING
      2.000  enterprise-88.118.8 -> client                udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1

== A value whose octets are no text
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/RAW 1:BLOB:hex:00ff80fe
> ask recursive-1 88.118.8/RAW
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/RAW
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/RAW recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/RAW, (1 BLOB <4 fe5aaca1> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/RAW, (1 BLOB <4 fe5aaca1> ttl 86400 at 1790000000) serial 1

== An enterprise is stopped and started: its records are there
cite RFC 3651 §3.1
> kill enterprise-88.118.8
> start enterprise-88.118.8
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== An authority does not recurse, whatever the flag says
cite RFC 3652 §2.2.2.2
> ask enterprise-88.118.8 88.300.35/NX22CH31080 type=URL tcp
      1.000  client -> enterprise-88.118.8                tcp  RESOLUTION 88.300.35/NX22CH31080, types URL
      2.000  enterprise-88.118.8 -> client                tcp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> ask secondary-88.300 88.118.8/JXDY2106023 type=URL
      3.000  client -> secondary-88.300                   udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      4.000  secondary-88.300 -> client                   udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
