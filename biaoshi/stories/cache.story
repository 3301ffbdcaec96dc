# What a recursive node remembers, for how long, and what it does when that is over.

== A TTL grows shorter while an answer is remembered
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> wait 20
> ask recursive-1 88.118.8/GATEWAY-01
  20011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  20012.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86380) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86380) (3 DESC <58 2a33e1e8> ttl 40) (2000 PRODUCT 采集网关 ttl 86380) serial 1

== A value that has expired is asked for again, straight at its enterprise
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> wait 61
> ask recursive-1 88.118.8/GATEWAY-01
  61011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  61012.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  61013.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  61014.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1

== In the last moments of its life an answer is still given
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> wait 59.9
> ask recursive-1 88.118.8/GATEWAY-01
  59911.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  59912.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86341) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86341) (3 DESC <58 2a33e1e8> ttl 1) (2000 PRODUCT 采集网关 ttl 86341) serial 1

== A hot name is refreshed in the last tenth of its life, while it is still answered
cite docs/resilience.md, prefetch
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> wait 55
> ask recursive-1 88.118.8/GATEWAY-01
  55011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  55012.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86345) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86345) (3 DESC <58 2a33e1e8> ttl 5) (2000 PRODUCT 采集网关 ttl 86345) serial 1
> wait 10
  55012.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  55013.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
> ask recursive-1 88.118.8/GATEWAY-01
  65013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  65014.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86390) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86390) (3 DESC <58 2a33e1e8> ttl 50) (2000 PRODUCT 采集网关 ttl 86390) serial 1

== Without prefetch, nothing is refreshed before its time
cite docs/resilience.md, prefetch
> set recursive-1 prefetch=0
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> wait 55
> ask recursive-1 88.118.8/GATEWAY-01
  55011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  55012.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86345) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86345) (3 DESC <58 2a33e1e8> ttl 5) (2000 PRODUCT 采集网关 ttl 86345) serial 1
> wait 10
> ask recursive-1 88.118.8/GATEWAY-01
  65013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  65014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  65015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  65016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1

== The authority is gone when an answer expires: the old one is given, and says so by its TTL
cite RFC 8767 §4
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> kill enterprise-88.118.8
> wait 70
> ask recursive-1 88.118.8/GATEWAY-01
  70011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  70012.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  70512.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 30) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 30) (3 DESC <58 2a33e1e8> ttl 30) (2000 PRODUCT 采集网关 ttl 30) serial 1

== After one stale answer the authority is left alone for a while
cite RFC 8767 §4
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> kill enterprise-88.118.8
> wait 70
> ask recursive-1 88.118.8/GATEWAY-01
  70011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  70012.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  70512.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 30) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 30) (3 DESC <58 2a33e1e8> ttl 30) (2000 PRODUCT 采集网关 ttl 30) serial 1
> wait 4
  70512.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  71512.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
> ask recursive-1 88.118.8/GATEWAY-01
  74513.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  74514.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 30) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 30) (3 DESC <58 2a33e1e8> ttl 30) (2000 PRODUCT 采集网关 ttl 30) serial 1

== A stale answer gives way to a new one as soon as there is one
cite RFC 8767 §4
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> kill enterprise-88.118.8
> wait 70
> ask recursive-1 88.118.8/GATEWAY-01
  70011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  70012.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  70512.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 30) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 30) (3 DESC <58 2a33e1e8> ttl 30) (2000 PRODUCT 采集网关 ttl 30) serial 1
> start enterprise-88.118.8
> wait 10
  70512.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  70513.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
> ask recursive-1 88.118.8/GATEWAY-01
  80513.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  80514.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86390) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86390) (3 DESC <58 2a33e1e8> ttl 50) (2000 PRODUCT 采集网关 ttl 86390) serial 1

== An answer is too old even to be stale
cite RFC 8767 §4
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> kill enterprise-88.118.8
> wait 90000
> ask recursive-1 88.118.8/GATEWAY-01
 90000011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
 90000012.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 90000013.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 90000014.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 90000015.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 90000016.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 90000017.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 90000018.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
 90000518.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
 90001518.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
 90003020.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== Without serve-stale, what has expired is gone
cite RFC 8767 §4
> set recursive-1 stale=0
> ask recursive-1 88.118.8/GATEWAY-01
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (1 URL https://jxdy.example/gw/01 ttl 86400) (2 URL.MIRROR https://mirror.jxdy.example/gw/01 ttl 86400) (3 DESC <58 2a33e1e8> ttl 60) (2000 PRODUCT 采集网关 ttl 86400) serial 1
> kill enterprise-88.118.8
> wait 70
> ask recursive-1 88.118.8/GATEWAY-01
  70011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01
  70012.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  70512.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  71512.000  recursive-1 -x enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01 recursion 1 serial 1
  73014.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1

== An expired prefix still leads to who answers, when nobody above does
cite RFC 8767 §4
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
> kill national-88
> kill secondary-88.118
> wait 86500
> ask recursive-1 88.118.8/JXDY2101056
 86500011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056
 86500012.000  recursive-1 -x root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 86500512.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056 recursion 1 serial 1
 86500512.000  recursive-1 -x root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 86500513.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 86500514.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) (2000 PRODUCT 多功能电力仪表 ttl 86400) (2001 MODEL PD194E-341S ttl 86400) (2002 RATING 630A ttl 86400) serial 1

== "Not found" is remembered, for less long
cite RFC 2308 §5
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
> wait 20
> ask recursive-1 88.118.8/NO-SUCH-METER
  20011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NO-SUCH-METER
  20012.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> wait 3600
> ask recursive-1 88.118.8/NO-SUCH-METER
 3620013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NO-SUCH-METER
 3620014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NO-SUCH-METER recursion 1 serial 1
 3620015.000  enterprise-88.118.8 -> recursive-1           udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
 3620016.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== "Not found" of a prefix is remembered for every item below it
cite RFC 8020 §2
> ask recursive-1 88.118.77/ONE
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.77/ONE
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 88.118.77/TWO
      9.000  client -> recursive-1                        udp  RESOLUTION 88.118.77/TWO
     10.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 0.NA/88.118.77
     11.000  client -> recursive-1                        udp  RESOLUTION 0.NA/88.118.77
     12.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.77 recursion 1 serial 1
     13.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.77 recursion 1 serial 1
     15.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     16.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.77 recursion 1 serial 1
     17.000  secondary-88.118 -> recursive-1              udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
     18.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== An item is registered while "not found" is remembered
cite RFC 2308 §5
> ask recursive-1 88.118.8/NEW
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NEW
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NEW recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
     11.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 54db54a4> [+AUTHORITATIVE +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 93ccf5f4>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 abfa63c8> session 466998398 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 f82f6536>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 e6aaa062>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 91615af7>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 cf63be26>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6bb5edc6>
     20.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 429bd5cf>
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 a5fbe9bb>
     22.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 8080dd6f>
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 d11964e8>
     24.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a92ac8fb>
     26.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 373b2152>
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 79ba6fd3>
     28.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 bfc9f05f>
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 bc609f13>
     30.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     31.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a858427f>
     32.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/NEW
     33.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NEW
     34.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1
> ask recursive-1 88.118.8/NEW auth
     35.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NEW [+AUTHORITATIVE]
     36.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NEW [+AUTHORITATIVE] recursion 1 serial 1
     37.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1800000000) [+AUTHORITATIVE] recursion 1 serial 1
     38.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1800000000) serial 1
> wait 3600
> ask recursive-1 88.118.8/NEW
 3600039.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NEW
 3600040.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NEW recursion 1 serial 1
 3600041.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1800000000) [+AUTHORITATIVE] recursion 1 serial 1
 3600042.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1800000000) serial 1

== An authoritative question goes past what is remembered
cite RFC 3652 §2.2.2.3
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
> ask recursive-1 88.118.8/JXDY2106023 type=URL auth
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+AUTHORITATIVE]
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023, types URL [+AUTHORITATIVE] recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) serial 1

== A value that changes is seen when the old one has expired
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) serial 1
> put enterprise-88.118.8 88.118.8/GATEWAY-01 "3:DESC:moved;ttl=60"
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) serial 1
> wait 61
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
  61013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
  61014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC recursion 1 serial 1
  61015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC moved ttl 60 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
  61016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC moved ttl 60 at 1790000000) serial 1

== A record is deleted while it is remembered
cite RFC 3651 §3.1
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) serial 1
> drop enterprise-88.118.8 88.118.8/GATEWAY-01
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/GATEWAY-01, (3 DESC <58 2a33e1e8> ttl 60) serial 1
> wait 61
> ask recursive-1 88.118.8/GATEWAY-01 type=DESC
  61013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC
  61014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/GATEWAY-01, types DESC recursion 1 serial 1
  61015.000  enterprise-88.118.8 -> recursive-1           udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] recursion 1 serial 1
  61016.000  recursive-1 -> client                        udp  HANDLE_NOT_FOUND serial 1

== A TTL of nothing is given on, and not remembered
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/NOW "1:DESC:now;ttl=0"
> ask recursive-1 88.118.8/NOW
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NOW
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NOW recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 0 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 0 at 1790000000) serial 1
> ask recursive-1 88.118.8/NOW
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NOW
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NOW recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 0 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 0 at 1790000000) serial 1

== A TTL that a signed number cannot hold
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/NOW "1:DESC:now;ttl=4294967295"
> ask recursive-1 88.118.8/NOW
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NOW
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NOW recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 4294967295 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 4294967295 at 1790000000) serial 1
> ask recursive-1 88.118.8/NOW
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NOW
     12.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NOW, (1 DESC now ttl 4294967295 at 1790000000) serial 1

== The shortest TTL of a record decides for all of it
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/MIXED "1:URL:https://x.example;ttl=3600" "2:DESC:brief;ttl=30"
> ask recursive-1 88.118.8/MIXED
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/MIXED
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/MIXED recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/MIXED, (1 URL https://x.example ttl 3600 at 1790000000) (2 DESC brief ttl 30 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/MIXED, (1 URL https://x.example ttl 3600 at 1790000000) (2 DESC brief ttl 30 at 1790000000) serial 1
> wait 31
> ask recursive-1 88.118.8/MIXED
  31011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/MIXED
  31012.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/MIXED recursion 1 serial 1
  31013.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/MIXED, (1 URL https://x.example ttl 3600 at 1790000000) (2 DESC brief ttl 30 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
  31014.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/MIXED, (1 URL https://x.example ttl 3600 at 1790000000) (2 DESC brief ttl 30 at 1790000000) serial 1

== A longer TTL than anybody should have is kept within bounds
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/FOREVER "1:URL:https://x.example;ttl=2000000000"
> ask recursive-1 88.118.8/FOREVER
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/FOREVER
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/FOREVER recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/FOREVER, (1 URL https://x.example ttl 2000000000 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/FOREVER, (1 URL https://x.example ttl 2000000000 at 1790000000) serial 1
> wait 700000
> ask recursive-1 88.118.8/FOREVER
 700000011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/FOREVER
 700000012.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 700000013.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 700000014.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 700000015.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 700000016.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 700000017.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 700000018.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/FOREVER recursion 1 serial 1
 700000019.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/FOREVER, (1 URL https://x.example ttl 2000000000 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
 700000020.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/FOREVER, (1 URL https://x.example ttl 2000000000 at 1790000000) serial 1

== A TTL that is a moment ends at that moment
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/UNTIL "1:URL:https://x.example;at=100"
> ask recursive-1 88.118.8/UNTIL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/UNTIL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/UNTIL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1800000100 ttl type 1 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1800000100 ttl type 1 at 1790000000) serial 1
> wait 50
> ask recursive-1 88.118.8/UNTIL
  50011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/UNTIL
  50012.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1800000100 ttl type 1 at 1790000000) serial 1
> wait 51
> ask recursive-1 88.118.8/UNTIL
 101013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/UNTIL
 101014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/UNTIL recursion 1 serial 1
 101015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1800000100 ttl type 1 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
 101016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1800000100 ttl type 1 at 1790000000) serial 1

== A moment that is over
cite RFC 3651 §3.1
> put enterprise-88.118.8 88.118.8/UNTIL "1:URL:https://x.example;at=-100"
> ask recursive-1 88.118.8/UNTIL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/UNTIL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/UNTIL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1799999900 ttl type 1 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1799999900 ttl type 1 at 1790000000) serial 1
> ask recursive-1 88.118.8/UNTIL
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/UNTIL
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/UNTIL recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1799999900 ttl type 1 at 1790000000) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/UNTIL, (1 URL https://x.example ttl 1799999900 ttl type 1 at 1790000000) serial 1

== Secret values are never remembered for others
cite RFC 3652 §2.2.2.3
> ask recursive-1 88.118.8/JXDY2106023-KEYS secret
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023-KEYS [-PUBLIC_ONLY]
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023-KEYS [-PUBLIC_ONLY] recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  AUTHENTICATION_NEEDED nonce <16 54db54a4> [+AUTHORITATIVE -PUBLIC_ONLY +REQUEST_DIGEST] session 466998398 recursion 1 serial 1 digest 3 <32 13aed428>
     10.000  recursive-1 -> client                        udp  INSUFFICIENT_PERMISSIONS message <56 f5d6f8d5> [-PUBLIC_ONLY] serial 1
> ask recursive-1 88.118.8/JXDY2106023-KEYS
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023-KEYS
     12.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023-KEYS recursion 1 serial 1
     13.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023-KEYS, (1 URL https://jxdy.example/k/JXDY2106023 ttl 86400) (3 DESC <57 04eeae51> ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (2000 SEALED_BY 检定员 07 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     14.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023-KEYS, (1 URL https://jxdy.example/k/JXDY2106023 ttl 86400) (3 DESC <57 04eeae51> ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (2000 SEALED_BY 检定员 07 ttl 86400) serial 1

== A certified question is certified all the way, and is another one than the plain
cite RFC 3652 §2.2.2.3
> ask recursive-1 88.118.8/JXDY2101056 type=URL
      1.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056, types URL
      2.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      3.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      4.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      5.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      6.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
      7.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
      8.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL recursion 1 serial 1
      9.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     10.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) serial 1
> ask recursive-1 88.118.8/JXDY2101056 type=URL cert
     11.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056, types URL [+CERTIFY +REQUEST_DIGEST]
     12.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
     13.000  root-1 -> recursive-1                        udp  fragment 0 of 525 octets, <492 72292a02>
     13.000  root-1 -> recursive-1                        udp  fragment 1 of 525 octets, <33 707095b9>
     14.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
     15.000  national-88 -> recursive-1                   udp  fragment 0 of 565 octets, <492 404b8fce>
     15.000  national-88 -> recursive-1                   udp  fragment 1 of 565 octets, <73 7e319ec0>
     16.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
     17.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 688 octets, <492 ba4446e2>
     17.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 688 octets, <196 3ab0edd4>
     18.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
     19.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 90895a1a> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 fcceed95>
     20.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 ddaf4256> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 ac2884d8>
> ask recursive-1 88.118.8/JXDY2101056 type=URL cert
     21.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2101056, types URL [+CERTIFY +REQUEST_DIGEST]
     22.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2101056, types URL [+CERTIFY +REQUEST_DIGEST] recursion 1 serial 1
     23.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] recursion 1 serial 1 digest 3 <32 90895a1a> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4a0e5305>
     24.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2101056, (1 URL https://jxdy.example/p/JXDY2101056 ttl 86400) [+CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 ddaf4256> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f9c4820a>

== A failure is remembered for some seconds only
cite RFC 9520 §3.2
> set recursive-1 failures=5
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
> wait 4
> ask recursive-1 88.118.8/JXDY2106023
   7011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   7012.000  recursive-1 -> client                        udp  ERROR message No server of the responsible site answered serial 1
> wait 5
> start enterprise-88.118.8
> wait 60
> ask recursive-1 88.118.8/JXDY2106023
  72013.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
  72014.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
  72015.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
  72016.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A recursive node that restarts has forgotten everything, and nothing is lost
cite RFC 3651 §3.1
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
> kill recursive-1
> start recursive-1
> wait 1
> ask recursive-1 88.118.8/JXDY2106023
   1011.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/JXDY2106023
   1012.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1013.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   1014.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1015.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   1016.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
   1017.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   1018.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/JXDY2106023 recursion 1 serial 1
   1019.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
   1020.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://jxdy.example/p/JXDY2106023 ttl 86400) (100 HS_ADMIN <23 53a820d7> ttl 86400) (1000 TEMPLATE 88.118.8/TEMPLATE.METER ttl 86400) (2000 PRODUCT 单相智能电能表 ttl 86400) (2001 MODEL DDZY220 ttl 86400) (2002 RATING 220V 5(60)A ttl 86400) (2003 PRODUCED 2021-06-02 ttl 86400) serial 1

== A referral is remembered for the neighbours
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
> wait 100
> ask recursive-1 88.118.9/QH-21A-5034
 100011.000  client -> recursive-1                        udp  RESOLUTION 88.118.9/QH-21A-5034
 100012.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 100013.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 b2495718>
 100013.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
 100014.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/QH-21A-5034 recursion 1 serial 1
 100015.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 100016.000  recursive-1 -> client                        udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) serial 1

== A referral that has expired is asked for again from the root
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
> wait 86401
> ask recursive-1 88.118.9/QH-21A-5034
 86401011.000  client -> recursive-1                        udp  RESOLUTION 88.118.9/QH-21A-5034
 86401012.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 86401013.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 86401014.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 86401015.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 86401016.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.9, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
 86401017.000  secondary-88.118 -> recursive-1              udp  fragment 0 of 494 octets, <492 c12871b6>
 86401017.000  secondary-88.118 -> recursive-1              udp  fragment 1 of 494 octets, <2 41d912ff>
 86401018.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 88.118.9/QH-21A-5034 recursion 1 serial 1
 86401019.000  secondary-88.118 -> recursive-1              udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
 86401020.000  recursive-1 -> client                        udp  SUCCESS 88.118.9/QH-21A-5034, (1 URL https://qinghe.example/lot/QH-21A-5034 ttl 86400) (2000 PRODUCT 推力球轴承 ttl 86400) (2001 DESIGNATION 51115 ttl 86400) (2002 GRADE P6 ttl 86400) serial 1
