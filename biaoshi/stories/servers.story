# Sites, their servers and mirrors: which is asked, which is asked next, and who is left in peace.

== A site of two servers: the hash of the item says which
cite RFC 3652 §3.1.3
> ask recursive-1 88.300.21/BOX-D003900
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.21/BOX-D003900
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  fragment 0 of 674 octets, <492 e01c8956>
      7.000  secondary-88.300 -> recursive-1              udp  fragment 1 of 674 octets, <182 ca4f7d31>
      8.000  recursive-1 -> enterprise-88.300.21-1        udp  RESOLUTION 88.300.21/BOX-D003900 recursion 1 serial 1
      9.000  enterprise-88.300.21-1 -> recursive-1        udp  SUCCESS 88.300.21/BOX-D003900, (1 URL https://yunling.example/t/BOX-D003900 ttl 86400) (2000 GOODS 冰淇淋 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.300.21/BOX-D003900, (1 URL https://yunling.example/t/BOX-D003900 ttl 86400) (2000 GOODS 冰淇淋 ttl 86400) serial 1
> ask recursive-1 88.300.21/BOX-D066328
     11.000  client -> recursive-1                        udp  RESOLUTION 88.300.21/BOX-D066328
     12.000  recursive-1 -> enterprise-88.300.21-2        udp  RESOLUTION 88.300.21/BOX-D066328 recursion 1 serial 1
     13.000  enterprise-88.300.21-2 -> recursive-1        udp  SUCCESS 88.300.21/BOX-D066328, (1 URL https://yunling.example/t/BOX-D066328 ttl 86400) (2000 GOODS 蓝莓 ttl 86400) (2001 KEEP_AT 0~2℃ ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.300.21/BOX-D066328, (1 URL https://yunling.example/t/BOX-D066328 ttl 86400) (2000 GOODS 蓝莓 ttl 86400) (2001 KEEP_AT 0~2℃ ttl 86400) serial 1

== The wrong server of a site says so
cite RFC 3652 §2.2.2.2
> ask enterprise-88.300.21-1 88.300.21/BOX-D066328
      1.000  client -> enterprise-88.300.21-1             udp  RESOLUTION 88.300.21/BOX-D066328
      2.000  enterprise-88.300.21-1 -> client             udp  SERVER_NOT_RESP message Request was hashed incorrectly [+AUTHORITATIVE] serial 1
> ask enterprise-88.300.21-2 88.300.21/BOX-D066328
      3.000  client -> enterprise-88.300.21-2             udp  RESOLUTION 88.300.21/BOX-D066328
      4.000  enterprise-88.300.21-2 -> client             udp  SUCCESS 88.300.21/BOX-D066328, (1 URL https://yunling.example/t/BOX-D066328 ttl 86400) (2000 GOODS 蓝莓 ttl 86400) (2001 KEEP_AT 0~2℃ ttl 86400) [+AUTHORITATIVE] serial 1

== The wrong server of a site says so to a writer, before any challenge
cite RFC 3652 §2.2.2.2
> create enterprise-88.300.21-1 88.300.21/BOX-D066328 1:URL:https://x.example as 88.300.21:key
      1.000  client -> enterprise-88.300.21-1             tcp  CREATE_HANDLE 88.300.21/BOX-D066328, (1 URL https://x.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.300.21-1 -> client             tcp  SERVER_NOT_RESP to CREATE_HANDLE message Request was hashed incorrectly [+AUTHORITATIVE] serial 1
> delete enterprise-88.300.21-1 88.300.21/BOX-D066328 as 88.300.21:key
      3.000  client -> enterprise-88.300.21-1             tcp  DELETE_HANDLE 88.300.21/BOX-D066328 serial 1
      4.000  enterprise-88.300.21-1 -> client             tcp  SERVER_NOT_RESP to DELETE_HANDLE message Request was hashed incorrectly [+AUTHORITATIVE] serial 1

== One dead server of a site takes its half of the items with it, not the other
cite RFC 3652 §3.1.3
> kill enterprise-88.300.21-2
> ask recursive-1 88.300.21/BOX-D003900
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.21/BOX-D003900
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  fragment 0 of 674 octets, <492 e01c8956>
      7.000  secondary-88.300 -> recursive-1              udp  fragment 1 of 674 octets, <182 ca4f7d31>
      8.000  recursive-1 -> enterprise-88.300.21-1        udp  RESOLUTION 88.300.21/BOX-D003900 recursion 1 serial 1
      9.000  enterprise-88.300.21-1 -> recursive-1        udp  SUCCESS 88.300.21/BOX-D003900, (1 URL https://yunling.example/t/BOX-D003900 ttl 86400) (2000 GOODS 冰淇淋 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.300.21/BOX-D003900, (1 URL https://yunling.example/t/BOX-D003900 ttl 86400) (2000 GOODS 冰淇淋 ttl 86400) serial 1
> ask recursive-1 88.300.21/BOX-D066328
     11.000  client -> recursive-1                        udp  RESOLUTION 88.300.21/BOX-D066328
     12.000  recursive-1 -x enterprise-88.300.21-2        udp  RESOLUTION 88.300.21/BOX-D066328 recursion 1 serial 1
    512.000  recursive-1 -x enterprise-88.300.21-2        udp  RESOLUTION 88.300.21/BOX-D066328 recursion 1 serial 1
   1512.000  recursive-1 -x enterprise-88.300.21-2        udp  RESOLUTION 88.300.21/BOX-D066328 recursion 1 serial 1
   3014.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== A dead enterprise: three sends over UDP, nobody at its TCP door, then the bad news
cite docs/resilience.md, failures
> kill enterprise-88.118.8
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3010.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== A dead enterprise is not asked again while its failure is remembered
cite RFC 9520 §3.2
> kill enterprise-88.118.8
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3010.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> ask recursive-1 88.118.8/JXDY2106023
   3011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   3012.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> ask recursive-1 88.118.8/JXDY2101056
   3013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
   3014.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
   3514.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
   4514.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
   6016.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== After a restart the enterprise is found again
cite docs/resilience.md, failures
> kill enterprise-88.118.8
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1508.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3010.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> start enterprise-88.118.8
> wait 60
> ask recursive-1 88.118.8/JXDY2106023
  63011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
  63012.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
  63013.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  63014.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A dead secondary node: what is remembered goes on, what is new does not
cite docs/resilience.md, failures
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> kill secondary-88.118
> ask recursive-1 88.118.8/JXDY2101056
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1
> ask recursive-1 88.118.9/QH-21A-5034
     15.000  client -> recursive-1                        udp  RESOLUTION 88.118.9/QH-21A-5034
     16.000  recursive-1 -x secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    516.000  recursive-1 -x secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1516.000  recursive-1 -x secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3018.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== A dead root: families that are known go on
cite docs/resilience.md, failures
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> kill root-1
> ask recursive-1 88.300.35/NX22CH31080
     11.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/NX22CH31080
     12.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     13.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     15.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/NX22CH31080 recursion 1 serial 1
     17.000  enterprise-88.300.35 -> recursive-1          udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> client                        udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) serial 1
> ask recursive-1 10.1000/182
     19.000  client -> recursive-1                        udp  RESOLUTION 10.1000/182
     20.000  recursive-1 -x root-1                        udp  RESOLUTION 0.NA/10.1000, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    520.000  recursive-1 -x root-1                        udp  RESOLUTION 0.NA/10.1000, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1520.000  recursive-1 -x root-1                        udp  RESOLUTION 0.NA/10.1000, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3022.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== A dead national node: nothing new below it
cite docs/resilience.md, failures
> kill national-88
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -x national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    504.000  recursive-1 -x national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1504.000  recursive-1 -x national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3006.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> start national-88
> wait 60
> ask recursive-1 88.118.8/JXDY2106023
  63007.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
  63008.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  63009.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  63010.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  63011.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  63012.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  63013.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  63014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
  63015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  63016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A site of servers that nobody has ever heard of
cite RFC 3651 §3.2.2
> put secondary-88.118 0.NA/88.118.8 1:HS_SITE:site:127.0.0.99,127.0.0.98
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <100 548c04c9> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x 127.0.0.99                    udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -x 127.0.0.99                    udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1508.000  recursive-1 -x 127.0.0.99                    udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3010.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== Two sites: the first does not answer, the second does
cite RFC 3651 §3.2.2
> put secondary-88.118 0.NA/88.118.8 "1:HS_SITE:site:127.0.9.9" "2:HS_SITE:site:@enterprise-88.118.8"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <60 7f180aea> ttl 86400 at 1790000000) (2 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x 127.0.9.9                     udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    510.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2101056
    511.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
    512.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
    513.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    514.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1

== Two sites: the one that answered last time is asked first
cite RFC 3651 §3.2.2
> put secondary-88.118 0.NA/88.118.8 "1:HS_SITE:site:127.0.9.9" "2:HS_SITE:site:@enterprise-88.118.8"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <60 7f180aea> ttl 86400 at 1790000000) (2 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -x 127.0.9.9                     udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    510.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2101056
    511.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
    512.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
    513.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    514.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1
> ask recursive-1 88.118.8/GATEWAY-01
    515.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
    516.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
    517.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    518.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1

== A service handle leads to the site
cite RFC 3651 §3.2.4
> put secondary-88.118 0.NA/88.118.8 1:HS_SERV:ref:88.118.9/SERVICE
> put secondary-88.118 88.118.9/SERVICE "1:HS_SITE:site:@enterprise-88.118.8"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SERV 88.118.9/SERVICE ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE serial 1
      9.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 d43bfdc2>
      9.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/SERVICE, types HS_SITE HS_SITE.6 HS_SERV serial 1
     11.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/SERVICE, (1 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A service handle that names itself leads nowhere, and ends
cite RFC 3651 §3.2.4
> put secondary-88.118 0.NA/88.118.8 1:HS_SERV:ref:88.118.9/SERVICE
> put secondary-88.118 88.118.9/SERVICE 1:HS_SERV:ref:88.118.9/SERVICE
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SERV 88.118.9/SERVICE ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE serial 1
      9.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 d43bfdc2>
      9.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/SERVICE, types HS_SITE HS_SITE.6 HS_SERV serial 1
     11.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/SERVICE, (1 HS_SERV 88.118.9/SERVICE ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
     12.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== Two service handles that name each other lead nowhere, and end
cite RFC 3651 §3.2.4
> put secondary-88.118 0.NA/88.118.8 1:HS_SERV:ref:88.118.9/ONE
> put secondary-88.118 88.118.9/ONE 1:HS_SERV:ref:88.118.9/TWO
> put secondary-88.118 88.118.9/TWO 1:HS_SERV:ref:88.118.9/ONE
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SERV 88.118.9/ONE ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE serial 1
      9.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 d43bfdc2>
      9.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/ONE, types HS_SITE HS_SITE.6 HS_SERV serial 1
     11.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/ONE, (1 HS_SERV 88.118.9/TWO ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
     12.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/TWO, types HS_SITE HS_SITE.6 HS_SERV serial 1
     13.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/TWO, (1 HS_SERV 88.118.9/ONE ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
     14.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A service handle that does not exist
cite RFC 3651 §3.2.4
> put secondary-88.118 0.NA/88.118.8 1:HS_SERV:ref:88.118.9/NOWHERE
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SERV 88.118.9/NOWHERE ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE serial 1
      9.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 d43bfdc2>
      9.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/NOWHERE, types HS_SITE HS_SITE.6 HS_SERV serial 1
     11.000  secondary-88.118 -> recursive-1              udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1
     12.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A prefix without a site and without a service: whatever is below it is not found
cite RFC 3651 §3.2.4
> put secondary-88.118 0.NA/88.118.8 1:URL:https://nobody.example
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  VALUES_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A site record that cannot be read is skipped
cite RFC 3651 §3.2.2
> put secondary-88.118 0.NA/88.118.8 1:HS_SITE:hex:0001 "2:HS_SITE:site:@enterprise-88.118.8"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <2 36de2269> ttl 86400 at 1790000000) (2 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Only site records that cannot be read
cite RFC 3651 §3.2.2
> put secondary-88.118 0.NA/88.118.8 1:HS_SITE:hex:0001
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <2 36de2269> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A referral to who refers back goes round forty times at most
cite RFC 3652 §3.4
> put secondary-88.118 0.NA/88.118 "1:HS_SITE:site:@secondary-88.118" "2:HS_SITE.PREFIX:site:@national-88"
> ask recursive-1 88.118.77/ANYTHING
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.77/ANYTHING
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      9.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     11.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     13.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     15.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     17.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     19.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     20.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     21.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     22.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     23.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     24.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     25.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     26.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     27.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     28.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     29.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     30.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     31.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     32.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     33.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     34.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     35.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     36.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     37.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     38.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     39.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     40.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     41.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     42.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     43.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     44.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     45.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     46.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     47.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     48.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     49.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     50.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     51.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     52.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     53.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     54.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     55.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     56.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     57.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     58.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     59.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     60.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     61.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     62.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     63.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     64.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     65.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     66.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     67.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     68.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     69.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     70.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     71.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     72.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     73.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     74.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     75.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     76.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     77.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     78.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     79.000  secondary-88.118 -> recursive-1              udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     80.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     81.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     82.000  recursive-1 -> client                        udp  RECURSION_COUNT_TOO_HIGH serial 1

== A referral to itself ends, too
cite RFC 3652 §3.4
> put national-88 0.NA/88.118 "2:HS_SITE.PREFIX:site:@national-88"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      9.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     11.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     13.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     15.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     17.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     19.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     20.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     21.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     22.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     23.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     24.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     25.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     26.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     27.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     28.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     29.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     30.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     31.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     32.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     33.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     34.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     35.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     36.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     37.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     38.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     39.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     40.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     41.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     42.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     43.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     44.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     45.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     46.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     47.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     48.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     49.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     50.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     51.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     52.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     53.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     54.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     55.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     56.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     57.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     58.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     59.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     60.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     61.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     62.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     63.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     64.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     65.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     66.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     67.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     68.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     69.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     70.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     71.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     72.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     73.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     74.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     75.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     76.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     77.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     78.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     79.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     80.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     81.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <60 33a365da> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     82.000  recursive-1 -> client                        udp  RECURSION_COUNT_TOO_HIGH serial 1

== A referral whose sites cannot be read names nowhere
cite RFC 3652 §3.4
> put national-88 0.NA/88.118 2:HS_SITE.PREFIX:hex:00
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <1 d202ef8d> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> client                        udp  ERROR message The referral names no site that can be asked serial 1

== A delegate record refers, as a prefix site does
cite RFC 3651 §3.2.3
> put national-88 0.NA/88.118 "2:HS_NA_DELEGATE:site:@secondary-88.118"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_NA_DELEGATE <60 248b011a> ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A prefix service refers through its handle
cite RFC 3651 §3.2.4
> put national-88 0.NA/88.118 2:HS_SERV.PREFIX:ref:0.NA/88.300
> put national-88 0.NA/88.300 "1:HS_SITE:site:@secondary-88.300" "2:HS_SITE.PREFIX:site:@secondary-88.300"
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SERV.PREFIX 0.NA/88.300 ttl 86400 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300, types HS_SITE HS_SITE.6 HS_SERV serial 1
      7.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] serial 1
      8.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300, types HS_SITE HS_SITE.6 HS_SERV serial 1
      9.000  national-88 -> recursive-1                   udp  SUCCESS 0.NA/88.300, (1 HS_SITE <60 5f9583f9> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
     10.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     11.000  secondary-88.300 -> recursive-1              udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here serial 1

== A lame secondary node: it was named, and knows nothing of the prefix
cite RFC 3652 §2.2.2.2
> unhome secondary-88.118 0.NA/88.118 as 88.118:key
      1.000  client -> secondary-88.118                   tcp  UNHOME_PREFIX 0.NA/88.118 serial 1
      2.000  secondary-88.118 -> client                   tcp  AUTHENTICATION_NEEDED to UNHOME_PREFIX nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 c9869b15>
      3.000  client -> secondary-88.118                   tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118, user_index 300, answer <143 a7728837> session 1690011331 serial 1
      4.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 0f8e3c57>
      5.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 9aab8286>
      6.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (200 HS_VLIST <42 a78c95cf> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 23c50d4b> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 31916796>
      8.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 0d53b1c3>
      9.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 e733e042>
     10.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 bc2b4b81> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 37cd1af3>
     12.000  secondary-88.118 -> client                   tcp  SUCCESS to UNHOME_PREFIX [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/JXDY2106023
     13.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     14.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     15.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     17.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     19.000  secondary-88.118 -> recursive-1              udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] recursion 1 serial 1
     20.000  recursive-1 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here serial 1

== A prefix that moved: the remembered site no longer has it
cite RFC 3652 §2.2.2.2
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> unhome enterprise-88.118.8 0.NA/88.118.8 as 88.118.8:key
     11.000  client -> enterprise-88.118.8                tcp  UNHOME_PREFIX 0.NA/88.118.8 serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to UNHOME_PREFIX nonce <16 54db54a4> [+AUTHORITATIVE +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 56bfbd28>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 4b2853ff> session 466998398 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b7d4a273>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 d126d943>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 0161aba4>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 92bb4a90>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 566e7c01>
     20.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b42028a8>
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 7f6133fd>
     22.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f1f41ce3>
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 5db1c349>
     24.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 fbcb7bb0>
     26.000  enterprise-88.118.8 -> client                tcp  SUCCESS to UNHOME_PREFIX [+AUTHORITATIVE] serial 1
> put secondary-88.118 0.NA/88.118.8 "1:HS_SITE:site:@secondary-88.118"
> ask recursive-1 88.118.8/JXDY2101056
     27.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
     28.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
     29.000  enterprise-88.118.8 -> recursive-1           udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] recursion 1 serial 1
     30.000  recursive-1 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here serial 1

== A prefix that is not homed where everybody is led
cite RFC 3652 §2.2.2.2
> unhome enterprise-88.118.8 0.NA/88.118.8 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  UNHOME_PREFIX 0.NA/88.118.8 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to UNHOME_PREFIX nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 56bfbd28>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 3071a7d6> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 7f05d7e0>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ff996222>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 9d78f676>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 d8dfad05>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a073d03a>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 1ff8b175>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 3ac16436>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 059eb512>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9e7f22ae>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 d4fee1b8>
     16.000  enterprise-88.118.8 -> client                tcp  SUCCESS to UNHOME_PREFIX [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/JXDY2106023
     17.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     18.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     19.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     20.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     21.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     22.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     23.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     24.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
     25.000  enterprise-88.118.8 -> recursive-1           udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] recursion 1 serial 1
     26.000  recursive-1 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here serial 1
> home enterprise-88.118.8 0.NA/88.118.8 as 88.118.8:key
     27.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 0.NA/88.118.8 serial 1
     28.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to HOME_PREFIX nonce <16 6d10e90b> [+AUTHORITATIVE +REQUEST_DIGEST] session 376221924 serial 1 digest 3 <32 a4c0b9e8>
     29.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 e0ce3141> session 376221924 serial 1
     30.000  enterprise-88.118.8 -> client                tcp  SUCCESS to HOME_PREFIX [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/JXDY2101056
     31.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
     32.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
     33.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     34.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1

== Everything over UDP to the national node is lost: TCP, later, gets through
cite RFC 3652 §2.1.2
> fault drop from=recursive-1 to=national-88 share=1
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3204.000  recursive-1 -> national-88                   tcp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3405.000  national-88 -> recursive-1                   tcp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3406.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3407.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3408.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3409.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3410.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> clear
> wait 60
> ask recursive-1 88.118.8/JXDY2106023
  63411.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
  63412.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86340) (100 HS_ADMIN <23 53a820d7> ttl 86340) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86340) (2000 PRODUCT 单相智能电能表 ttl 86340) (2001 MODEL DDZY220 ttl 86340) (2002 RATING 220V 5(60)A ttl 86340) (2003 PRODUCED 2021-06-02 ttl 86340) serial 1
