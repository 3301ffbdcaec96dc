# Links and nodes that do not do as they should.

== A third of all packets is lost, and the answer comes all the same
cite docs/faults.md
> fault drop share=0.3 seed=2
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    502.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1502.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3002.000  recursive-1 -> root-1                        tcp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3203.000  root-1 -> recursive-1                        tcp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3204.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3205.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3206.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3706.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   4706.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   4707.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   4708.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   4709.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   4710.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Another third
cite docs/faults.md
> fault drop share=0.3 seed=16
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    506.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
    507.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    510.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Every answer of the enterprise is lost
cite docs/faults.md
> fault drop from=enterprise-88.118.8 to=recursive-1 share=1 one_way
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3008.000  recursive-1 -> enterprise-88.118.8           tcp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3209.000  enterprise-88.118.8 -> recursive-1           tcp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3210.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Every question to the root is lost
cite docs/faults.md
> fault drop from=recursive-1 to=root-1 share=1 one_way
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   3202.000  recursive-1 -> root-1                        tcp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3203.000  root-1 -> recursive-1                        tcp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3204.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3205.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3206.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   3207.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3208.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   3209.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3210.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Answers come twice: the second is nobody's
cite RFC 3652 §2.2.1
> fault duplicate share=1
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      3.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      4.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      5.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      6.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      7.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      8.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      9.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
      9.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== Answers come late, but not too late
cite docs/faults.md
> fault delay from=recursive-1 to=enterprise-88.118.8 ms=150
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    158.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    309.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    310.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== An answer comes after the question was sent again: one of the two counts
cite docs/faults.md
> fault delay from=recursive-1 to=enterprise-88.118.8 ms=300
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    308.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
    609.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    610.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== An answer comes after everybody has given up
cite docs/faults.md
> fault delay from=recursive-1 to=enterprise-88.118.8 ms=5000
> ask recursive-1 88.118.8/JXDY2106023
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   5008.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43195 s
   5508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43195 s
   6008.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> wait 20
   6508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43194 s
   8008.000  recursive-1 -> enterprise-88.118.8           tcp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43195 s
  10009.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1 expires +43195 s
  10509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1 expires +43195 s
  11509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1 expires +43195 s
  13009.000  enterprise-88.118.8 -> recursive-1           tcp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1 expires +43195 s
> ask recursive-1 88.118.8/JXDY2106023
  26009.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
  31010.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43195 s
  31510.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1 expires +43195 s
  32010.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== A long answer is held back
cite RFC 3652 §2.3
> fault reorder from=enterprise-88.300.35 to=recursive-1 share=0.5 ms=5 seed=3
> ask recursive-1 88.300.35/BATCH-2025-04
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/BATCH-2025-04
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     13.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
     19.000  enterprise-88.300.35 -> recursive-1          udp  fragment 0 of 1165 octets, <492 96969b2a>
     19.000  enterprise-88.300.35 -> recursive-1          udp  fragment 1 of 1165 octets, <492 259ea9a1>
     19.000  enterprise-88.300.35 -> recursive-1          udp  fragment 2 of 1165 octets, <181 71a989c1>
     20.000  recursive-1 -> client                        udp  fragment 0 of 1165 octets, <492 403cae0c>
     20.000  recursive-1 -> client                        udp  fragment 1 of 1165 octets, <492 259ea9a1>
     20.000  recursive-1 -> client                        udp  fragment 2 of 1165 octets, <181 71a989c1>

== A long answer is lost: it is asked for again
cite RFC 3652 §2.3
> fault drop from=enterprise-88.300.35 to=recursive-1 share=0.7 seed=4 one_way
> ask recursive-1 88.300.35/BATCH-2025-04
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/BATCH-2025-04
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
    508.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
   1508.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
   3008.000  recursive-1 -> enterprise-88.300.35          tcp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
   3209.000  enterprise-88.300.35 -> recursive-1          tcp  SUCCESS 88.300.35/BATCH-2025-04, (1 URL https://nanxi.example/b/2025-04 ttl 86400) (2000 REPORT <1014 b035a6bc> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   3210.000  recursive-1 -> client                        udp  fragment 0 of 1165 octets, <492 509e8f2b>
   3210.000  recursive-1 -> client                        udp  fragment 1 of 1165 octets, <492 259ea9a1>
   3210.000  recursive-1 -> client                        udp  fragment 2 of 1165 octets, <181 71a989c1>

== A question comes twice, and so does its long answer
cite RFC 3652 §2.2.1
> fault duplicate from=enterprise-88.300.35 to=recursive-1 share=1
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
      9.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/BATCH-2025-04 recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  fragment 0 of 1165 octets, <492 403cae0c>
     10.000  recursive-1 -> client                        udp  fragment 1 of 1165 octets, <492 259ea9a1>
     10.000  recursive-1 -> client                        udp  fragment 2 of 1165 octets, <181 71a989c1>

== The national node is cut off from the recursive node, and comes back
cite docs/faults.md
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
> fault partition from=national-88 to=recursive
> ask recursive-1 88.300.35/NX22CH31080
     11.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/NX22CH31080
   6012.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> ask recursive-1 88.118.8/JXDY2101056
   6013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
   6014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
   6015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   6016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1
> clear
> wait 60
> ask recursive-1 88.300.35/NX22CH31080
  66017.000  client -> recursive-1                        udp  RESOLUTION 88.300.35/NX22CH31080
  66018.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  66019.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  66020.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  66021.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  66022.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
  66023.000  secondary-88.300 -> recursive-1              udp  SUCCESS 0.NA/88.300.35, (1 HS_SITE <253 9e31e736> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  66024.000  recursive-1 -> enterprise-88.300.35          udp  RESOLUTION 88.300.35/NX22CH31080 recursion 1 serial 1
  66025.000  enterprise-88.300.35 -> recursive-1          udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  66026.000  recursive-1 -> client                        udp  SUCCESS 88.300.35/NX22CH31080, (1 URL https://nanxi.example/NX22CH31080 ttl 86400) (2000 TEA 茉莉花茶 ttl 86400) (2001 FIELD Upper terrace ttl 86400) serial 1

== The enterprise is cut off from everybody
cite docs/faults.md
> fault partition from=enterprise-88.118.8
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL patience=5
      1.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
> ask recursive-1 88.118.8/JXDY2106023
   5001.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   5002.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   5003.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   5004.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   5005.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   5006.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   5007.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  11008.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== The client is cut off from the recursive node
cite docs/faults.md
> fault partition from=client to=recursive-1
> ask recursive-1 88.118.8/JXDY2106023 patience=10
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023

== A narrow link
cite docs/faults.md
> fault bandwidth from=enterprise-88.300.35 to=client octets_per_s=1000
> ask enterprise-88.300.35 88.300.35/BATCH-2025-04
      1.000  client -> enterprise-88.300.35               udp  RESOLUTION 88.300.35/BATCH-2025-04
   1270.000  enterprise-88.300.35 -> client               udp  fragment 0 of 1165 octets, <492 768906e5>
   1270.000  enterprise-88.300.35 -> client               udp  fragment 1 of 1165 octets, <492 259ea9a1>
   1270.000  enterprise-88.300.35 -> client               udp  fragment 2 of 1165 octets, <181 71a989c1>

== An enterprise whose values are spoilt on the way
cite RFC 3652 §2.2.4
> fault corrupt_values from=enterprise-88.118.8 share=1
> ask recursive-1 88.118.8/JXDY2106023 type=URL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxd}.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxd}.example/p/JXDY2106023 ttl 86400) serial 1

== A certified question does not believe spoilt values
cite RFC 3652 §2.2.4
> fault corrupt_values from=enterprise-88.118.8 share=1
> ask recursive-1 88.118.8/JXDY2106023 type=URL cert
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST]
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  fragment 0 of 525 octets, <492 115c2f29>
      3.000  root-1 -> recursive-1                        udp  fragment 1 of 525 octets, <33 7a0d3871>
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  fragment 0 of 565 octets, <492 41dbc310>
      5.000  national-88 -> recursive-1                   udp  fragment 1 of 565 octets, <73 304ab5b7>
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 688 octets, <492 ba4446e2>
      7.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 688 octets, <196 1bb69832>
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxd}.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 251c6362> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 26b15545>
    508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
    509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2104023 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 251c6362> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 26b15545>
   1508.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
   1509.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106021 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 251c6362> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 cb77f300>
   3008.000  recursive-1 -> enterprise-88.118.8           tcp  RESOLUTION 88.118.8/JXDY2106023, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
   3009.000  enterprise-88.118.8 -> recursive-1           tcp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106823 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 287ee3bf> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 c88e9329>
   6008.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered [+CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 d48c0d9d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f36036fe>

== Forged answers come before the true ones
cite RFC 3652 §2.2.1
> fault forge from=enterprise-88.118.8 to=recursive-1 share=1
> ask recursive-1 88.118.8/JXDY2106023 type=URL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxd}.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== Forged answers from the root
cite RFC 3652 §2.2.1
> fault forge from=root-1 to=recursive-1 share=1
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

== A node that is stopped, as an operator stops it
cite docs/faults.md
> stop enterprise-88.118.8
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL patience=5
      1.000  client -x enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
> start enterprise-88.118.8
> ask enterprise-88.118.8 88.118.8/JXDY2106023 type=URL
   5001.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023, types URL
   5002.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] serial 1

== The recursive node itself is gone
cite docs/faults.md
> kill recursive-1
> ask recursive-1 88.118.8/JXDY2106023 type=URL patience=5
      1.000  client -x recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL

== Everything is gone but what the recursive node remembers
cite docs/faults.md
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
> kill root-1
> kill national-88
> kill secondary-88.118
> kill enterprise-88.118.8
> ask recursive-1 88.118.8/JXDY2106023 type=URL
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2101056 type=URL
     13.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056, types URL
     14.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL recursion 1 serial 1
    514.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL recursion 1 serial 1
   1514.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL recursion 1 serial 1
   3016.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== One of two servers answers slowly: the answer is waited for, nobody else has it
cite docs/faults.md
> fault delay from=recursive-1 to=enterprise-88.300.21-2 ms=100
> ask recursive-1 88.300.21/BOX-D066328
      1.000  client -> recursive-1                        udp  RESOLUTION 88.300.21/BOX-D066328
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <279 6a81392e> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.300              udp  RESOLUTION 0.NA/88.300.21, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.300 -> recursive-1              udp  fragment 0 of 674 octets, <492 e01c8956>
      7.000  secondary-88.300 -> recursive-1              udp  fragment 1 of 674 octets, <182 ca4f7d31>
    108.000  recursive-1 -> enterprise-88.300.21-2        udp  RESOLUTION 88.300.21/BOX-D066328 recursion 1 serial 1
    209.000  enterprise-88.300.21-2 -> recursive-1        udp  SUCCESS 88.300.21/BOX-D066328, (1 URL https://yunling.example/t/BOX-D066328 ttl 86400) (2000 GOODS 蓝莓 ttl 86400) (2001 KEEP_AT 0~2℃ ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
    210.000  recursive-1 -> client                        udp  SUCCESS 88.300.21/BOX-D066328, (1 URL https://yunling.example/t/BOX-D066328 ttl 86400) (2000 GOODS 蓝莓 ttl 86400) (2001 KEEP_AT 0~2℃ ttl 86400) serial 1

== Lost on the client's own side: the client asks again
cite docs/faults.md
> fault drop from=client to=recursive-1 share=1 one_way
> ask recursive-1 88.118.8/JXDY2106023 patience=2
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
> clear
> ask recursive-1 88.118.8/JXDY2106023
   2001.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   2002.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   2003.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   2004.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   2005.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   2006.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   2007.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   2008.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   2009.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   2010.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1
