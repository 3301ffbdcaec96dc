# The way down: who is asked for what, and what is remembered of it.

== A cold item is asked for once at every tier
cite RFC 3652 §3.1.2
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
> ask recursive-1 88.118.8/JXDY2106023
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A second item of the same enterprise goes straight to it
cite RFC 3652 §3.1.2
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
> ask recursive-1 88.118.8/JXDY2101056
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1

== A second enterprise of the same secondary node is asked for there, not at the root
cite RFC 3652 §3.4
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
> ask recursive-1 88.118.9/QH-21A-5034
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.9/QH-21A-5034
     12.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     13.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 3424600d>
     13.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
     14.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/QH-21A-5034 recursion 1 serial 1
     15.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> client                        udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) serial 1

== A second secondary node is asked for at the national node, not at the root
cite RFC 3652 §3.4
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
> ask recursive-1 88.300.35/NX22CH31080
     11.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/NX22CH31080
     12.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     13.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     15.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/NX22CH31080 recursion 1 serial 1
     17.000  enterprise-88.300.35 -> recursive-1          udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> client                        udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) serial 1

== The item of a hosted enterprise is answered by its secondary node
cite RFC 3652 §3.1.2
> ask recursive-1 88.118.9/QH-21A-5034
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.9/QH-21A-5034
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 3424600d>
      7.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/QH-21A-5034 recursion 1 serial 1
      9.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) serial 1

== An item that does not exist, of an enterprise that does
cite RFC 3652 §3.2.3
> ask recursive-1 88.118.8/NO-SUCH-METER
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NO-SUCH-METER
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NO-SUCH-METER recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 88.118.8/NO-SUCH-METER
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NO-SUCH-METER
     12.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== An enterprise that does not exist
cite RFC 3652 §3.2.3
> ask recursive-1 88.118.77/ANYTHING
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.77/ANYTHING
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 88.118.77/ANYTHING-ELSE
      9.000  client -> recursive-1                        udp  RESOLUTION 88.118.77/ANYTHING-ELSE
     10.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A secondary node that does not exist
cite RFC 3652 §3.2.3
> ask recursive-1 88.999.1/ANYTHING
      1.000  client -> recursive-1                        udp  RESOLUTION 88.999.1/ANYTHING
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.999.1, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.999.1, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A family that no root knows
cite RFC 3652 §3.2.3
> ask recursive-1 10.1000/182
      1.000  client -> recursive-1                        udp  RESOLUTION 10.1000/182
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/10.1000, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 10.1000/183
      5.000  client -> recursive-1                        udp  RESOLUTION 10.1000/183
      6.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== The prefix of an enterprise, asked for with its whole name
cite RFC 3651 §4.2
> ask recursive-1 0.NA/88.118.8
      1.000  client -> recursive-1                        udp  RESOLUTION 0.NA/88.118.8
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8 recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8 recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8 recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 816 octets, <492 c21998b7>
      7.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 816 octets, <324 c824316d>
      8.000  recursive-1 -> client                        udp  fragment 0 of 816 octets, <492 14b3ad91>
      8.000  recursive-1 -> client                        udp  fragment 1 of 816 octets, <324 c824316d>
> ask recursive-1 0.NA/88.118.8
      9.000  client -> recursive-1                        udp  RESOLUTION 0.NA/88.118.8
     10.000  recursive-1 -> client                        udp  fragment 0 of 816 octets, <492 14b3ad91>
     10.000  recursive-1 -> client                        udp  fragment 1 of 816 octets, <324 c824316d>

== The prefix of an enterprise without a slash, as the national SDK asks
cite national SDK 2.3.1, resolution path
> ask recursive-1 88.118.8 type=HS_SITE
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8, types HS_SITE
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 88.118.8, types HS_SITE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 88.118.8, types HS_SITE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.8, types HS_SITE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  SUCCESS 88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2106023
      9.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     10.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     11.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== The prefix of a secondary node
cite RFC 3651 §4.2
> ask recursive-1 0.NA/88.118
      1.000  client -> recursive-1                        udp  RESOLUTION 0.NA/88.118
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118 recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118 recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  fragment 0 of 1143 octets, <492 2c5a7e2f>
      5.000  national-88 -> recursive-1                   udp  fragment 1 of 1143 octets, <492 30c00285>
      5.000  national-88 -> recursive-1                   udp  fragment 2 of 1143 octets, <159 b574bb16>
      6.000  recursive-1 -> client                        udp  fragment 0 of 1143 octets, <492 faf04b09>
      6.000  recursive-1 -> client                        udp  fragment 1 of 1143 octets, <492 30c00285>
      6.000  recursive-1 -> client                        udp  fragment 2 of 1143 octets, <159 b574bb16>

== The prefix of a national node
cite RFC 3651 §4.2
> ask recursive-1 0.NA/88
      1.000  client -> recursive-1                        udp  RESOLUTION 0.NA/88
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88 recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  fragment 0 of 1047 octets, <492 3483dce1>
      3.000  root-1 -> recursive-1                        udp  fragment 1 of 1047 octets, <492 a2d60157>
      3.000  root-1 -> recursive-1                        udp  fragment 2 of 1047 octets, <63 729a9904>
      4.000  recursive-1 -> client                        udp  fragment 0 of 1047 octets, <492 e229e9c7>
      4.000  recursive-1 -> client                        udp  fragment 1 of 1047 octets, <492 a2d60157>
      4.000  recursive-1 -> client                        udp  fragment 2 of 1047 octets, <63 729a9904>

== The root's own prefix
cite RFC 3651 §4.2
> ask recursive-1 0.NA/0.NA
      1.000  client -> recursive-1                        udp  RESOLUTION 0.NA/0.NA
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/0.NA recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  fragment 0 of 766 octets, <492 54d47372>
      3.000  root-1 -> recursive-1                        udp  fragment 1 of 766 octets, <274 ade61930>
      4.000  recursive-1 -> client                        udp  fragment 0 of 766 octets, <492 827e4654>
      4.000  recursive-1 -> client                        udp  fragment 1 of 766 octets, <274 ade61930>
> ask recursive-1 0.NA/0.0
      5.000  client -> recursive-1                        udp  RESOLUTION 0.NA/0.0
      6.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/0.0 recursion 1 serial 1
      7.000  root-1 -> recursive-1                        udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== One type is asked for, and one type comes
cite RFC 3652 §3.2.1
> ask recursive-1 88.118.8/JXDY2106023 type=URL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=URL
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== One type after all of them is answered from what is remembered
cite RFC 3652 §3.2.1
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
> ask recursive-1 88.118.8/JXDY2106023 type=URL
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== All of them after one type is a new question
cite RFC 3652 §3.2.1
> ask recursive-1 88.118.8/JXDY2106023 type=URL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2106023
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== One index is asked for
cite RFC 3652 §3.2.1
> ask recursive-1 88.118.8/JXDY2106023 index=2000
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, indexes 2000
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, indexes 2000 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (2000 PRODUCT 单相智能电能表 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (2000 PRODUCT 单相智能电能表 ttl 86400) serial 1

== Types and indexes add up
cite RFC 3652 §3.2.1
> ask recursive-1 88.118.8/JXDY2106023 type=URL index=2002,2003
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, indexes 2002 2003, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, indexes 2002 2003, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A type that ends in a dot means the types below it, too
cite RFC 3652 §3.2.1
> ask enterprise-88.118.8 88.118.8/GATEWAY-01 type=URL.
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/GATEWAY-01, types URL.
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/GATEWAY-01 type=URL
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/GATEWAY-01, types URL
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) [+AUTHORITATIVE] serial 1

== Types are asked for without regard to case
cite RFC 3652 §3.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=url,Model
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types url Model
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (2001 MODEL DDZY220 ttl 86400) [+AUTHORITATIVE] serial 1

== A type that the record does not have
cite RFC 3652 §3.2.1
> ask recursive-1 88.118.8/JXDY2106023 type=EMAIL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types EMAIL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types EMAIL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  VALUES_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  VALUES_NOT_FOUND serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=EMAIL
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types EMAIL
     12.000  recursive-1 -> client                        udp  VALUES_NOT_FOUND serial 1

== An index that the record does not have
cite RFC 3652 §3.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 index=7
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, indexes 7
      2.000  enterprise-88.118.8 -> client                udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1

== Letter case does not count, and the answer names the handle as it was asked
cite RFC 3652 §2.1.3
> ask recursive-1 88.118.8/jxdy2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/jxdy2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/jxdy2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/jxdy2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/jxdy2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2106023
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
> ask enterprise-88.118.8 88.118.8/meter-MANUAL_V2 type=URL
     13.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/meter-MANUAL_V2, types URL
     14.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/meter-MANUAL_V2, (1 URL https://jxdy.example/manual/v2 ttl 86400) [+AUTHORITATIVE] serial 1

== A handle in Chinese letters
cite RFC 3652 §2.1.4
> ask recursive-1 88.118.8/电能表样机一号
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/电能表样机一号
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/电能表样机一号 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/电能表样机一号, (1 URL https://jxdy.example/prototype/1 ttl 86400) (3 DESC 样机一号（虚构产品） ttl 86400) (2000 PRODUCT 三相智能电能表 ttl 86400) (2001 MODEL DTZY341 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/电能表样机一号, (1 URL https://jxdy.example/prototype/1 ttl 86400) (3 DESC 样机一号（虚构产品） ttl 86400) (2000 PRODUCT 三相智能电能表 ttl 86400) (2001 MODEL DTZY341 ttl 86400) serial 1

== A long record comes in parts of 492 octets
cite RFC 3652 §2.3
> ask enterprise-88.300.35 88.300.35/BATCH-2025-04
      1.000  client -> enterprise-88.300.35               udp  RESOLUTION 88.300.35/BATCH-2025-04
      2.000  enterprise-88.300.35 -> client               udp  fragment 0 of 1165 octets, <492 768906e5>
      2.000  enterprise-88.300.35 -> client               udp  fragment 1 of 1165 octets, <492 259ea9a1>
      2.000  enterprise-88.300.35 -> client               udp  fragment 2 of 1165 octets, <181 71a989c1>

== A long record comes whole over TCP
cite RFC 3652 §2.3
> ask enterprise-88.300.35 88.300.35/BATCH-2025-04 tcp
      1.000  client -> enterprise-88.300.35               tcp  RESOLUTION 88.300.35/BATCH-2025-04
      2.000  enterprise-88.300.35 -> client               tcp  SUCCESS 88.300.35/BATCH-2025-04, (1 URL https://nanxi.example/b/2025-04 ttl 86400) (2000 REPORT <1014 b035a6bc> ttl 86400) [+AUTHORITATIVE] serial 1

== A long record through a recursive node: one question, parts on both sides
cite RFC 3652 §2.3
> ask recursive-1 88.300.35/BATCH-2025-04
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/BATCH-2025-04
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
      9.000  enterprise-88.300.35 -> recursive-1          udp  fragment 0 of 1165 octets, <492 96969b2a>
      9.000  enterprise-88.300.35 -> recursive-1          udp  fragment 1 of 1165 octets, <492 259ea9a1>
      9.000  enterprise-88.300.35 -> recursive-1          udp  fragment 2 of 1165 octets, <181 71a989c1>
     10.000  recursive-1 -> client                        udp  fragment 0 of 1165 octets, <492 403cae0c>
     10.000  recursive-1 -> client                        udp  fragment 1 of 1165 octets, <492 259ea9a1>
     10.000  recursive-1 -> client                        udp  fragment 2 of 1165 octets, <181 71a989c1>
> ask recursive-1 88.300.35/BATCH-2025-04 tcp
     11.000  client -> recursive-1                        tcp  RESOLUTION 88.300.35/BATCH-2025-04
     12.000  recursive-1 -> client                        tcp  SUCCESS 88.300.35/BATCH-2025-04, (1 URL https://nanxi.example/b/2025-04 ttl 86400) (2000 REPORT <1014 b035a6bc> ttl 86400) serial 1

== A question over TCP is answered over TCP, and goes on over UDP
cite RFC 3652 §2.1.2
> ask recursive-1 88.118.8/JXDY2106023 tcp
      1.000  client -> recursive-1                        tcp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        tcp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== The other port of a recursive node is the one the SDK knows
cite RFC 3652 §2.1.2
> ask recursive-1 88.118.8/JXDY2106023 type=URL tcp port=3641
      1.000  client -> recursive-1:3641                   tcp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        tcp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== A question that has come too far
cite RFC 3652 §2.2.2.5
> ask recursive-1 88.118.8/JXDY2106023 type=URL depth=10
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 10
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 11 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 11 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 11 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 11 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 11 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 11 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 11 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 11 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) recursion 10 serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=URL depth=11
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 11
     12.000  recursive-1 -> client                        udp  RECURSION_COUNT_TOO_HIGH recursion 11 serial 1

== A question of an older version is answered in its own
cite RFC 3652 §2.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=2.3
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 2.3 suggesting 2.11
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=URL v=2.3
      3.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 2.3 suggesting 2.11
      4.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      9.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
     11.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== The version that is suggested is the one of the answer, up to our own
cite RFC 3652 §2.2.1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=2.11-2.1 cert
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] version 2.11 suggesting 2.1
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] version 2.1 suggesting 2.11 serial 1 digest 2 <20 223fca96> signed 0:<0 00000000> HS_SIGNED SHA1 <128 c86d8556>
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=2.11-2.0 cert
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] version 2.11 suggesting 2.0
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE +CERTIFY] version 2.0 suggesting 2.11 serial 1 digest 0 <16 43e96135> signed 0:<0 00000000> HS_SIGNED SHA1 <128 7bf66cf4>
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=2.11-2.6 cert
      5.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] version 2.11 suggesting 2.6
      6.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] version 2.6 suggesting 2.11 serial 1 digest 2 <20 223fca96> signed 0:<0 00000000> HS_SIGNED SHA1 <128 ec99a2f7>
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=2.11-3.0
      7.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 2.11 suggesting 3.0
      8.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL v=5.0-2.4
      9.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL version 5.0 suggesting 2.4
     10.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] version 2.4 suggesting 2.11 serial 1

== A question without the flag for recursion, to a recursive node
cite RFC 3652 §2.2.2.3
> ask recursive-1 88.118.8/JXDY2106023 type=URL norecurse
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL [-RECURSIVE]
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== The serial number of another site is no reason to refuse
cite RFC 3652 §2.2.2.4
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL serial=99
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL serial 99
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== The site of a node, for whoever asks
cite behaviour of the reference, site info
> op enterprise-88.118.8 2 /
      1.000  client -> enterprise-88.118.8                udp  GET_SITE_INFO / serial 1
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS to GET_SITE_INFO site <273 e4204438> [+AUTHORITATIVE] serial 1
> op recursive-1 2 /
      3.000  client -> recursive-1                        udp  GET_SITE_INFO / serial 1
      4.000  recursive-1 -> client                        udp  SUCCESS to GET_SITE_INFO site <256 b70b7432> serial 1
> op root-1 2 anything/at-all
      5.000  client -> root-1                             udp  GET_SITE_INFO anything/at-all serial 1
      6.000  root-1 -> client                             udp  SUCCESS to GET_SITE_INFO site <239 c1bb77c7> [+AUTHORITATIVE] serial 1

== The site of a node, for tools that speak version 2.3 first
cite RFC 3652 §2.2.1
> op enterprise-88.118.8 2 / v=2.3
      1.000  client -> enterprise-88.118.8                udp  GET_SITE_INFO / version 2.3 suggesting 2.11 serial 1
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS to GET_SITE_INFO site <273 e4204438> [+AUTHORITATIVE] serial 1

== A value may refer to values of other handles
cite RFC 3651 §3.1
> ask enterprise-88.118.8 88.118.8/CABINET-0117
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/CABINET-0117
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/CABINET-0117, (1 URL https://jxdy.example/cabinet/0117 ttl 86400 1:88.118.8/JXDY2106023) (100 HS_ADMIN <23 53a820d7> ttl 86400) (2000 PARTS 1 meter, 2 bearings ttl 86400 2000:88.118.8/JXDY2106023 0:88.118.9/ABOUT) [+AUTHORITATIVE] serial 1

== A TTL that is a moment goes through a recursive node as it is
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/RECALL-2026-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/RECALL-2026-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/RECALL-2026-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/RECALL-2026-01, (1 URL https://jxdy.example/recall/2026-01 ttl 2082758400 ttl type 1) (3 DESC <63 49a2810d> ttl 3600) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/RECALL-2026-01, (1 URL https://jxdy.example/recall/2026-01 ttl 2082758400 ttl type 1) (3 DESC <63 49a2810d> ttl 3600) serial 1

== Identity octets at the end of a question are no error
cite national SDK 2.3.1, resolution path
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL id=somebody
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL, tail <12 8078fe1f> [+RECURSIVE_AUTH]
      2.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/JXDY2106023 type=URL id=somebody
      3.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL, tail <12 8078fe1f> [+RECURSIVE_AUTH]
      4.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      9.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL, tail <12 8078fe1f> [+RECURSIVE_AUTH] recursion 1 serial 1
     11.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1
