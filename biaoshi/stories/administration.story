# Administration: who may write what, in which order refusals come, and what is left of a write.

== A record is created by the administrator of its prefix
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/NEW
     23.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NEW
     24.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.8/NEW
     25.000  client -> recursive-1                        udp  RESOLUTION 88.118.8/NEW
     26.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     27.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     28.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     29.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     30.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.8, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     31.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.8, (1 HS_SITE <273 e4204438> ttl 86400) (101 HS_NAMESPACE <90 806003a2> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     32.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.8/NEW recursion 1 serial 1
     33.000  enterprise-88.118.8 -> recursive-1           udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) [+AUTHORITATIVE] recursion 1 serial 1
     34.000  recursive-1 -> client                        udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) serial 1

== A record is created with a secret instead of a key
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:secret
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_SECKEY, user_handle 0.NA/88.118.8, user_index 301, answer <53 468f92be> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 8c4ea5f4>, digest 3 <32 5c0abcba>, answer <53 468f92be> [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS to VERIFY valid 1 [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 9116d7d9> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 de42bfda>
     18.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/NEW
     19.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NEW
     20.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) [+AUTHORITATIVE] serial 1

== The wrong secret
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:wrong
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_SECKEY, user_handle 0.NA/88.118.8, user_index 301, answer <53 7d407347> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 8c4ea5f4>, digest 3 <32 5c0abcba>, answer <53 7d407347> [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS to VERIFY [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 8510fde4> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6126b2a8>
     18.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_FAILED to CREATE_HANDLE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/NEW
     19.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NEW
     20.000  enterprise-88.118.8 -> client                udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1

== The administrator of an enterprise of another secondary node
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.300.35:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.300.35, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 d710769c>
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 d7670d3c>
     24.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 581991fb>
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a135fa47>
     26.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 418c82ee>
     28.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/NEW
     29.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NEW
     30.000  enterprise-88.118.8 -> client                udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1

== The administrator of another enterprise
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.9:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 d710769c>
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 d7670d3c>
     24.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 581991fb>
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a135fa47>
     26.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 418c82ee>
     28.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== The administrator of the secondary node has no power over the items below it
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 d710769c>
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 d7670d3c>
     24.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 581991fb>
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a135fa47>
     26.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 418c82ee>
     28.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== An index of a key that the prefix does not have
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:307
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 307, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 d710769c>
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 d7670d3c>
     24.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 581991fb>
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a135fa47>
     26.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 418c82ee>
     28.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== A record that exists is not created again, and anybody may learn that
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/JXDY2106023 1:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/JXDY2106023, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  HANDLE_ALREADY_EXISTS to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== A record that exists is overwritten if that is asked for
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/JXDY2106023 1:URL:https://new.example as 88.118.8:key overwrite
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/JXDY2106023, (1 URL https://new.example ttl 86400 at 1790000000) [+OVERWRITE] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 f0d34e07>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 e3982110> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 1ff8b175>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 3ac16436>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 059eb512>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9e7f22ae>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 d4fee1b8>
     16.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/JXDY2106023 [+AUTHORITATIVE +OVERWRITE] serial 1
> ask enterprise-88.118.8 88.118.8/JXDY2106023
     17.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/JXDY2106023
     18.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/JXDY2106023, (1 URL https://new.example ttl 86400 at 1800000000) [+AUTHORITATIVE] serial 1

== Overwriting with the same is no change, and needs no right
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/SAME 1:URL:https://same.example
> create enterprise-88.118.8 88.118.8/SAME 1:URL:https://same.example as 88.118.9:key overwrite
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/SAME, (1 URL https://same.example ttl 86400 at 1790000000) [+OVERWRITE] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 cd5c57bf>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 ec321741> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 95087024>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 93752d1c>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 7b3489ee>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 eda2f21d>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.9, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 20740caa> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 792af7c7>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/SAME [+AUTHORITATIVE +OVERWRITE] serial 1

== Overwriting another's record
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/OWN 1:URL:https://own.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.9
> create enterprise-88.118.8 88.118.8/OWN 1:URL:https://mine.example as 88.118.8:key overwrite
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/OWN, (1 URL https://mine.example ttl 86400 at 1790000000) [+OVERWRITE] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 2b8b5e7d>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 72b91ff2> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 f9b22da1>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 fba9bd90>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6424f279>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7e6146c3>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.9, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 20740caa> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 7cbea39a>
     16.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1
> create enterprise-88.118.8 88.118.8/OWN 1:URL:https://mine.example as 88.118.9:key overwrite
     17.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/OWN, (1 URL https://mine.example ttl 86400 at 1790000000) [+OVERWRITE] serial 1
     18.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 010ce9ae> [+AUTHORITATIVE +REQUEST_DIGEST] session 1033486133 serial 1 digest 3 <32 2b8b5e7d>
     19.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 e2c615a0> session 1033486133 serial 1
     20.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/OWN [+AUTHORITATIVE +OVERWRITE] serial 1

== A suffix is minted
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/LOT- 1:URL:https://lot.example as 88.118.8:key mint
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/LOT-, (1 URL https://lot.example ttl 86400 at 1790000000) [+MINT_SUFFIX] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 54db54a4> [+AUTHORITATIVE +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 9c62ff04>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 67117546> session 466998398 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 f82f6536>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 e6aaa062>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 91615af7>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 cf63be26>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6bb5edc6>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 429bd5cf>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 a5fbe9bb>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 8080dd6f>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 d11964e8>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a92ac8fb>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 373b2152>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 79ba6fd3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 bfc9f05f>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 bc609f13>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a858427f>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE <49 3ae24757> [+AUTHORITATIVE +MINT_SUFFIX] serial 1

== Indexes that cannot be, before anything is proven
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/NEW 0:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (0 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  INVALID_VALUE to CREATE_HANDLE message Value indexes must be positive [+AUTHORITATIVE] serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://a.example 1:URL:https://b.example as 88.118.8:key
      3.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://a.example ttl 86400 at 1790000000) (1 URL https://b.example ttl 86400 at 1790000000) serial 1
      4.000  enterprise-88.118.8 -> client                tcp  VALUE_ALREADY_EXISTS to CREATE_HANDLE message Index conflict for 1 [+AUTHORITATIVE] serial 1

== An index that is negative to others
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/NEW 2147483648:URL:https://a.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (2147483648 URL https://a.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  INVALID_VALUE to CREATE_HANDLE message Value indexes must be positive [+AUTHORITATIVE] serial 1
> create enterprise-88.118.8 88.118.8/NEW 2147483647:URL:https://a.example as 88.118.8:key
      3.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (2147483647 URL https://a.example ttl 86400 at 1790000000) serial 1
      4.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 ab22ad7b>
      5.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 9a1ca6e9> session 1690011331 serial 1
      6.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      8.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
     10.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1

== A record without values is created
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.118.8/NOTHING as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NOTHING serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 0b0b6f73>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 33ac5e45> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NOTHING [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/NOTHING
     23.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NOTHING
     24.000  enterprise-88.118.8 -> client                udp  VALUES_NOT_FOUND [+AUTHORITATIVE] serial 1

== A record of a prefix that lives elsewhere
cite RFC 3652 §3.6.4
> create enterprise-88.118.8 88.300.35/NEW 1:URL:https://new.example as 88.300.35:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.300.35/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SERVER_NOT_RESP to CREATE_HANDLE message That prefix doesn't live here [+AUTHORITATIVE] serial 1

== A record is created over UDP: the challenge comes back the same way
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key udp
      1.000  client -> enterprise-88.118.8                udp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                udp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> client                udp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1

== A challenge comes on one connection and its answer on another
cite RFC 3652 §3.5
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1

== Nobody can say whose key it is: the secondary node is dead
cite RFC 3652 §3.5
> kill secondary-88.118
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -x secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
    508.000  enterprise-88.118.8 -x secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
   1508.000  enterprise-88.118.8 -x secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
   3010.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1
> start secondary-88.118
> wait 60
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key
  63011.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
  63012.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 4ecb1f91> [+AUTHORITATIVE +REQUEST_DIGEST] session 913714785 serial 1 digest 3 <32 abda29e8>
  63013.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 047e2003> session 913714785 serial 1
  63014.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
  63015.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 91077b2f>
  63015.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 90732c9d>
  63016.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
  63017.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 1da616d5>
  63017.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a1771b51>
  63018.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
  63019.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 97ff5df6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6246035b>
  63020.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
  63021.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 f5710e96>
  63021.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 4f61cd4a>
  63022.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
  63023.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0785458>
  63023.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 ac936663>
  63024.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
  63025.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc85b5e9> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 011686cf>
  63026.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
  63027.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 fd38fde8>
  63027.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 dff349ff>
  63028.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
  63029.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 48d755fb>
  63029.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7b7cc294>
  63030.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
  63031.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 b2d8daf7> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6d56ee7c>
  63032.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1

== A record is deleted, and is gone
cite RFC 3652 §3.6.5
> put enterprise-88.118.8 88.118.8/OLD 1:URL:https://old.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8
> delete enterprise-88.118.8 88.118.8/OLD as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/OLD serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 8bb965e0>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 09064b82> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to DELETE_HANDLE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/OLD
     11.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/OLD
     12.000  enterprise-88.118.8 -> client                udp  HANDLE_NOT_FOUND [+AUTHORITATIVE] serial 1
> delete enterprise-88.118.8 88.118.8/OLD as 88.118.8:key
     13.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/OLD serial 1
     14.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 8bb965e0>
     15.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 9bd4777b> session 734842534 serial 1
     16.000  enterprise-88.118.8 -> client                tcp  HANDLE_NOT_FOUND to DELETE_HANDLE [+AUTHORITATIVE] serial 1

== A record that names no administrator is locked
cite RFC 3652 §3.6.5
> put enterprise-88.118.8 88.118.8/LOCKED 1:URL:https://locked.example
> delete enterprise-88.118.8 88.118.8/LOCKED as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/LOCKED serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 1fd0baba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 e9b63c0c> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to DELETE_HANDLE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/LOCKED 2:DESC:no as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/LOCKED, (2 DESC no ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 e7abb6e5>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 a9b1aab0> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1

== The right to delete, and only that
cite RFC 3652 §3.6.5
> put enterprise-88.118.8 88.118.8/ACL 1:URL:https://acl.example 100:HS_ADMIN:admin:000000000010:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ACL 2:DESC:no as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ACL, (2 DESC no ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 89235c30>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 9d77416a> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1
> modify enterprise-88.118.8 88.118.8/ACL 1:URL:https://no.example as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/ACL, (1 URL https://no.example ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 bc55c7ef>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 9801f6fb> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/ACL 1 as 88.118.8:key
      9.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/ACL, indexes 1 serial 1
     10.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 fd18002c> [+AUTHORITATIVE +REQUEST_DIGEST] session 650570185 serial 1 digest 3 <32 4f05cffc>
     11.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 a1904d63> session 650570185 serial 1
     12.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> delete enterprise-88.118.8 88.118.8/ACL as 88.118.8:key
     13.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/ACL serial 1
     14.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 6d10e90b> [+AUTHORITATIVE +REQUEST_DIGEST] session 376221924 serial 1 digest 3 <32 b2f18e43>
     15.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 e5ae5056> session 376221924 serial 1
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 df1706ab>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 86c9ff86>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 04ae9a9c>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 96a3ea6e>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 641e28a9>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to DELETE_HANDLE [+AUTHORITATIVE] serial 1

== Every right but that to delete
cite RFC 3652 §3.6.5
> put enterprise-88.118.8 88.118.8/ACL 1:URL:https://acl.example 100:HS_ADMIN:admin:111111111101:300:0.NA/88.118.8
> delete enterprise-88.118.8 88.118.8/ACL as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/ACL serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 b2f18e43>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 10814cf3> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to DELETE_HANDLE [+AUTHORITATIVE] serial 1

== A prefix that is not homed any more: what lies there may be cleared away
cite behaviour of the reference, order of decisions
> put enterprise-88.118.8 88.118.8/OLD 1:URL:https://old.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8
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
> ask enterprise-88.118.8 88.118.8/OLD
     17.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/OLD
     18.000  enterprise-88.118.8 -> client                udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key
     19.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
     20.000  enterprise-88.118.8 -> client                tcp  SERVER_NOT_RESP to CREATE_HANDLE message That prefix doesn't live here [+AUTHORITATIVE] serial 1
> delete enterprise-88.118.8 88.118.8/OLD as 88.118.8:key
     21.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/OLD serial 1
     22.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 010ce9ae> [+AUTHORITATIVE +REQUEST_DIGEST] session 1033486133 serial 1 digest 3 <32 8bb965e0>
     23.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 a31df2c4> session 1033486133 serial 1
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to DELETE_HANDLE [+AUTHORITATIVE] serial 1

== A value is added
cite RFC 3652 §3.6.1
> put enterprise-88.118.8 88.118.8/ADD 5:URL:https://add.example 100:HS_ADMIN:admin:000001000000:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ADD 2:DESC:added as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (2 DESC added ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 8cea6ec9>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 8d8c4d46> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/ADD
     11.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/ADD
     12.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/ADD, (2 DESC added ttl 86400 at 1800000000) (5 URL https://add.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 97b77a52> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== A value is added where there is one already
cite RFC 3652 §3.6.1
> put enterprise-88.118.8 88.118.8/ADD 5:URL:https://add.example 100:HS_ADMIN:admin:000001010000:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ADD 5:URL:https://other.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (5 URL https://other.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 00aa496a>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 63ed2366> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  VALUE_ALREADY_EXISTS to ADD_VALUE message Index conflict for 5 [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ADD 5:URL:https://other.example as 88.118.8:key overwrite
      5.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (5 URL https://other.example ttl 86400 at 1790000000) [+OVERWRITE] serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 8231dabf>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 646f025d> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE +OVERWRITE] serial 1
> ask enterprise-88.118.8 88.118.8/ADD type=URL
     15.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/ADD, types URL
     16.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/ADD, (5 URL https://other.example ttl 86400 at 1800000000) [+AUTHORITATIVE] serial 1

== No value is added, or the same one twice
cite RFC 3652 §3.6.1
> add enterprise-88.118.8 88.118.8/JXDY2106023 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/JXDY2106023 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  INVALID_VALUE to ADD_VALUE message Value list was empty [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/JXDY2106023 7:A:a 7:B:b as 88.118.8:key
      3.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/JXDY2106023, (7 A a ttl 86400 at 1790000000) (7 B b ttl 86400 at 1790000000) serial 1
      4.000  enterprise-88.118.8 -> client                tcp  VALUE_ALREADY_EXISTS to ADD_VALUE message Index conflict for 7 [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/JXDY2106023 0:A:a as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/JXDY2106023, (0 A a ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  INVALID_VALUE to ADD_VALUE message Value indexes must be positive [+AUTHORITATIVE] serial 1

== A value is added to what does not exist
cite RFC 3652 §3.6.1
> add enterprise-88.118.8 88.118.8/NO-SUCH-METER 1:DESC:no as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/NO-SUCH-METER, (1 DESC no ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 41a74055>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 ee26701b> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  HANDLE_NOT_FOUND to ADD_VALUE [+AUTHORITATIVE] serial 1

== The right to add values is not the right to add administrators
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/ADD 100:HS_ADMIN:admin:000001000000:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ADD 101:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (101 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 c7e79c66>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 83c1dcec> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ADD 1:DESC:yes as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (1 DESC yes ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 fe9f9a58>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 4134130f> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1

== The right to add administrators
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/ADD 100:HS_ADMIN:admin:001000000000:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ADD 1:DESC:no as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (1 DESC no ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 8f2ae5b3>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 7734d550> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ADD 101:HS_ADMIN:admin:111111111111:300:0.NA/88.118.9 as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (101 HS_ADMIN <23 6ec80967> ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 c5a47001>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 e4be98a8> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ADD 1:DESC:yes as 88.118.9:key
     15.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ADD, (1 DESC yes ttl 86400 at 1790000000) serial 1
     16.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 d2695247> [+AUTHORITATIVE +REQUEST_DIGEST] session 573367420 serial 1 digest 3 <32 fe9f9a58>
     17.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 f44cb745> session 573367420 serial 1
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 0b69cacf>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 82fca486>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c4abd63e>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 ff0674ae>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.9, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 20740caa> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 18074756>
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1

== Rights of two entries are not united
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/TWO 100:HS_ADMIN:admin:000001000000:300:0.NA/88.118.8 101:HS_ADMIN:admin:001000000000:300:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/TWO 1:DESC:no 102:HS_ADMIN:admin:111111111111:300:0.NA/88.118.9 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/TWO, (1 DESC no ttl 86400 at 1790000000) (102 HS_ADMIN <23 6ec80967> ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 939f3be0>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b95d82cc> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1

== A value is removed
cite RFC 3652 §3.6.2
> put enterprise-88.118.8 88.118.8/REM 1:URL:https://rem.example 2:DESC:two 100:HS_ADMIN:admin:000000100000:300:0.NA/88.118.8
> remove enterprise-88.118.8 88.118.8/REM 2 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 2 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 1ddf65a3>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 29bae1ab> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/REM
     11.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/REM
     12.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/REM, (1 URL https://rem.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 d566cb56> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/REM 2 as 88.118.8:key
     13.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 2 serial 1
     14.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 1ddf65a3>
     15.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 7bbb478b> session 734842534 serial 1
     16.000  enterprise-88.118.8 -> client                tcp  VALUES_NOT_FOUND to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/REM 1 2 as 88.118.8:key
     17.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 1 2 serial 1
     18.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 d2695247> [+AUTHORITATIVE +REQUEST_DIGEST] session 573367420 serial 1 digest 3 <32 46b8f2d5>
     19.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 8cec1c07> session 573367420 serial 1
     20.000  enterprise-88.118.8 -> client                tcp  VALUES_NOT_FOUND to REMOVE_VALUE [+AUTHORITATIVE] serial 1

== The right to remove values is not the right to remove administrators
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/REM 1:URL:https://rem.example 100:HS_ADMIN:admin:000000100000:300:0.NA/88.118.8
> remove enterprise-88.118.8 88.118.8/REM 100 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 100 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 8d868d28>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 98a0a46f> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> put enterprise-88.118.8 88.118.8/REM 1:URL:https://rem.example 100:HS_ADMIN:admin:000100000000:300:0.NA/88.118.8
> remove enterprise-88.118.8 88.118.8/REM 1 as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 1 serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 14ee6432>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b11c86fb> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/REM 100 as 88.118.8:key
      9.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 100 serial 1
     10.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 fd18002c> [+AUTHORITATIVE +REQUEST_DIGEST] session 650570185 serial 1 digest 3 <32 8d868d28>
     11.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 8cefb18e> session 650570185 serial 1
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 373b2152>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 79ba6fd3>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 bfc9f05f>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 bc609f13>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a858427f>
     18.000  enterprise-88.118.8 -> client                tcp  SUCCESS to REMOVE_VALUE [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/REM 1 as 88.118.8:key
     19.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/REM, indexes 1 serial 1
     20.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 2cecae56> [+AUTHORITATIVE +REQUEST_DIGEST] session 651348334 serial 1 digest 3 <32 14ee6432>
     21.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 796d9e0c> session 651348334 serial 1
     22.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to REMOVE_VALUE [+AUTHORITATIVE] serial 1

== A value that administrators may not write can be removed all the same
cite RFC 3652 §3.6.2
> put enterprise-88.118.8 88.118.8/RO "1:URL:https://ro.example;perm=1010" 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/RO 1:URL:https://no.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/RO, (1 URL https://no.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  INSUFFICIENT_PERMISSIONS to MODIFY_VALUE message Value is read-only [+AUTHORITATIVE] serial 1
> remove enterprise-88.118.8 88.118.8/RO 1 as 88.118.8:key
      3.000  client -> enterprise-88.118.8                tcp  REMOVE_VALUE 88.118.8/RO, indexes 1 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to REMOVE_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 2e05af40>
      5.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 1859208e> session 1690011331 serial 1
      6.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      8.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
     10.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     12.000  enterprise-88.118.8 -> client                tcp  SUCCESS to REMOVE_VALUE [+AUTHORITATIVE] serial 1

== A value is modified, and only that one
cite RFC 3652 §3.6.3
> put enterprise-88.118.8 88.118.8/MOD 1:URL:https://mod.example 2:DESC:two 100:HS_ADMIN:admin:000000010000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 e373a341>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 13317792> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/MOD
     11.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/MOD
     12.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/MOD, (1 URL https://new.example ttl 86400 at 1800000000) (2 DESC two ttl 86400 at 1790000000) (100 HS_ADMIN <23 f40e13d4> ttl 86400 at 1790000000) [+AUTHORITATIVE] serial 1

== What is not there is not modified, and anybody may learn that
cite RFC 3652 §3.6.3
> modify enterprise-88.118.8 88.118.8/NO-SUCH-METER 1:URL:https://no.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/NO-SUCH-METER, (1 URL https://no.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  HANDLE_NOT_FOUND to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> modify enterprise-88.118.8 88.118.8/JXDY2106023 77:URL:https://no.example as 88.118.8:key
      3.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/JXDY2106023, (77 URL https://no.example ttl 86400 at 1790000000) serial 1
      4.000  enterprise-88.118.8 -> client                tcp  VALUES_NOT_FOUND to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== The same index twice in a modification
cite RFC 3652 §3.6.3
> put enterprise-88.118.8 88.118.8/MOD 1:URL:https://mod.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:URL:https://a.example 1:URL:https://b.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 URL https://a.example ttl 86400 at 1790000000) (1 URL https://b.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 4ddd913d>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 fb4ae595> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  INVALID_VALUE to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== A value that anybody may write is written by anybody
cite RFC 3652 §3.6.3
> put enterprise-88.118.8 88.118.8/OPEN "1:GUESTBOOK:empty;perm=1111"
> modify enterprise-88.118.8 88.118.8/OPEN "1:GUESTBOOK:was here;perm=1111"
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/OPEN, (1 GUESTBOOK was here ttl 86400 1111 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> ask enterprise-88.118.8 88.118.8/OPEN
      3.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/OPEN
      4.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/OPEN, (1 GUESTBOOK was here ttl 86400 1111 at 1800000000) [+AUTHORITATIVE] serial 1

== A value that anybody may write, and one that not everybody may
cite RFC 3652 §3.6.3
> put enterprise-88.118.8 88.118.8/OPEN "1:GUESTBOOK:empty;perm=1111" 2:DESC:fixed
> modify enterprise-88.118.8 88.118.8/OPEN "1:GUESTBOOK:was here;perm=1111" 2:DESC:changed as 88.118.9:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/OPEN, (1 GUESTBOOK was here ttl 86400 1111 at 1790000000) (2 DESC changed ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 491346f5>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 7e2bab38> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== An administrator is modified: that is another right
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/MOD 100:HS_ADMIN:admin:000000010000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 00469a04>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 1f9519ed> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> put enterprise-88.118.8 88.118.8/MOD 100:HS_ADMIN:admin:000010000000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 00469a04>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 487773bf> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== A value becomes an administrator: two rights are needed
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/MOD 1:DESC:one 100:HS_ADMIN:admin:000000010000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 da75670a>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 8ed53c82> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> put enterprise-88.118.8 88.118.8/MOD 1:DESC:one 100:HS_ADMIN:admin:001000010000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 da75670a>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 f82ba513> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== An administrator becomes a value: two rights are needed
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/MOD 1:HS_ADMIN:admin:0:300:0.NA/88.118.9 100:HS_ADMIN:admin:000100000000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:DESC:one as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 DESC one ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 8e03a679>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 86e0412c> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to MODIFY_VALUE [+AUTHORITATIVE] serial 1
> put enterprise-88.118.8 88.118.8/MOD 1:HS_ADMIN:admin:0:300:0.NA/88.118.9 100:HS_ADMIN:admin:000100010000:300:0.NA/88.118.8
> modify enterprise-88.118.8 88.118.8/MOD 1:DESC:one as 88.118.8:key
      5.000  client -> enterprise-88.118.8                tcp  MODIFY_VALUE 88.118.8/MOD, (1 DESC one ttl 86400 at 1790000000) serial 1
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to MODIFY_VALUE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 8e03a679>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 6dff110b> session 1416613570 serial 1
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4bfe6231>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 83223df7>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6762655e>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7d91cba7>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b4855990>
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS to MODIFY_VALUE [+AUTHORITATIVE] serial 1

== An entry of index nought means every key of a handle
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/ANY 1:URL:https://any.example 100:HS_ADMIN:admin:111111111111:0:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ANY 2:DESC:two as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ANY, (2 DESC two ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 fa1ed01b>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 2211cdc0> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ANY 3:DESC:three as 88.118.8:secret
     11.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ANY, (3 DESC three ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 5f0f1f63>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_SECKEY, user_handle 0.NA/88.118.8, user_index 301, answer <53 9bbb711a> session 734842534 serial 1
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 4f2a72d3>, digest 3 <32 5f0f1f63>, answer <53 9bbb711a> [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS to VERIFY valid 1 [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 cb8f14cb> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 0130f999>
     16.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1

== An entry means one key, and the other is refused
cite RFC 3651 §3.2.1
> put enterprise-88.118.8 88.118.8/ONE 100:HS_ADMIN:admin:111111111111:301:0.NA/88.118.8
> add enterprise-88.118.8 88.118.8/ONE 2:DESC:two as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ONE, (2 DESC two ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5511b8c0>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b8f79419> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b533f452>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 eb766620>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 be5bf600>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 a2859d15>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 45145e82>
     10.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ONE 2:DESC:two as 88.118.8:secret
     11.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ONE, (2 DESC two ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 5511b8c0>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_SECKEY, user_handle 0.NA/88.118.8, user_index 301, answer <53 5b5950e3> session 734842534 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 4f2a72d3>, digest 3 <32 5511b8c0>, answer <53 5b5950e3> [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 0dbc1617>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 6ae55a17>
     16.000  enterprise-88.118.8 -> national-88           udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 4f2a72d3>, digest 3 <32 5511b8c0>, answer <53 5b5950e3> [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 350f8459>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 3960972f>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 4f2a72d3>, digest 3 <32 5511b8c0>, answer <53 5b5950e3> [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS to VERIFY valid 1 [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 7ffb019a> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 c9f2e0b5>
     20.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1

== A group of administrators
cite RFC 3651 §3.2.7
> put enterprise-88.118.8 88.118.8/GROUP "200:HS_VLIST:list:300:0.NA/88.118.9,300:0.NA/88.118.8"
> put enterprise-88.118.8 88.118.8/ITEM 100:HS_ADMIN:admin:111111111111:200:88.118.8/GROUP
> add enterprise-88.118.8 88.118.8/ITEM 1:DESC:one as 88.118.9:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (1 DESC one ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 562477cd>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 b6bda574> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 95087024>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 93752d1c>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 7b3489ee>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 eda2f21d>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.9, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 20740caa> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 792af7c7>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ITEM 2:DESC:two as 88.300.35:key
     11.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (2 DESC two ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 e16d4965>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.300.35, user_index 300, answer <143 f601387d> session 734842534 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 cc49be99>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 03e5550c>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 98f80218>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 e448e961>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a3d0bbed>
     20.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1

== A group within a group within itself
cite RFC 3651 §3.2.7
> put enterprise-88.118.8 88.118.8/A "200:HS_VLIST:list:200:88.118.8/B"
> put enterprise-88.118.8 88.118.8/B "200:HS_VLIST:list:200:88.118.8/A,300:0.NA/88.118.8"
> put enterprise-88.118.8 88.118.8/ITEM 100:HS_ADMIN:admin:111111111111:200:88.118.8/A
> add enterprise-88.118.8 88.118.8/ITEM 1:DESC:one as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (1 DESC one ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 562477cd>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b6bda574> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 b336f414>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 921dbc3b>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 f4293f88>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4cd65924>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 734409df>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1
> add enterprise-88.118.8 88.118.8/ITEM 2:DESC:two as 88.118.9:key
     11.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (2 DESC two ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 4f2a72d3> [+AUTHORITATIVE +REQUEST_DIGEST] session 734842534 serial 1 digest 3 <32 e16d4965>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 f601387d> session 734842534 serial 1
     14.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1

== A group that is kept at another enterprise
cite RFC 3651 §3.2.7
> put enterprise-88.300.35 88.300.35/GROUP "200:HS_VLIST:list:300:0.NA/88.118.8"
> put enterprise-88.118.8 88.118.8/ITEM 100:HS_ADMIN:admin:111111111111:200:88.300.35/GROUP
> add enterprise-88.118.8 88.118.8/ITEM 1:DESC:one as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (1 DESC one ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 562477cd>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b6bda574> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 2991a31a>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 226ee935>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 560 octets, <492 ca7c0529>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 560 octets, <68 8c0b2fdb>
      8.000  enterprise-88.118.8 -> secondary-88.300      udp  RESOLUTION 0.NA/88.300.35, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.300 -> enterprise-88.118.8      udp  fragment 0 of 669 octets, <492 95c83e70>
      9.000  secondary-88.300 -> enterprise-88.118.8      udp  fragment 1 of 669 octets, <177 2157fb36>
     10.000  enterprise-88.118.8 -> enterprise-88.300.35  udp  RESOLUTION 88.300.35/GROUP, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  enterprise-88.300.35 -> enterprise-88.118.8  udp  SUCCESS 88.300.35/GROUP, (200 HS_VLIST <25 d1be179e> ttl 86400 at 1790000000) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 e9513479> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 281da08e>
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 2049e98e>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 81c5c811>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 e6cbe757>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 64de693b>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 373b70f9>
     18.000  enterprise-88.118.8 -> client                tcp  SUCCESS to ADD_VALUE [+AUTHORITATIVE] serial 1

== A group that does not exist
cite RFC 3651 §3.2.7
> put enterprise-88.118.8 88.118.8/ITEM 100:HS_ADMIN:admin:111111111111:200:88.118.8/NO-GROUP
> add enterprise-88.118.8 88.118.8/ITEM 1:DESC:one as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  ADD_VALUE 88.118.8/ITEM, (1 DESC one ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to ADD_VALUE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 562477cd>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b6bda574> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to ADD_VALUE [+AUTHORITATIVE] serial 1

== A secret value is read by who may
cite RFC 3652 §3.5
> login enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  LOGIN user_handle 0.NA/88.118.8, user_index 300 session 10001 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to LOGIN nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 10001 serial 1 digest 3 <32 4ff9d292>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 555ae0e8> session 10001 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 87bd64b0>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 a77b9a21>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6f17c890>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9cbc8923>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f70a4917>
     10.000  enterprise-88.118.8 -> client                tcp  SUCCESS to LOGIN [+AUTHORITATIVE] session 10001 serial 1
> put enterprise-88.118.8 88.118.8/SECRET "1:KEY:hidden;perm=1100" 100:HS_ADMIN:admin:010000000000:300:0.NA/88.118.8
> ask enterprise-88.118.8 88.118.8/SECRET secret
     11.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/SECRET [-PUBLIC_ONLY]
     12.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED nonce <16 01a56e7b> [+AUTHORITATIVE -PUBLIC_ONLY +REQUEST_DIGEST] session 1896932728 serial 1 digest 3 <32 2516f3c8>

== The items of a prefix are listed for its administrator
cite RFC 3652 §3.7.1
> list enterprise-88.300.35 0.NA/88.300.35 as 88.300.35:key
      1.000  client -> enterprise-88.300.35               tcp  LIST_HANDLES 0.NA/88.300.35 serial 1
      2.000  enterprise-88.300.35 -> client               tcp  AUTHENTICATION_NEEDED to LIST_HANDLES nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 afc7e8f4>
      3.000  client -> enterprise-88.300.35               tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.300.35, user_index 300, answer <143 87d77b3c> session 1690011331 serial 1
      4.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 39d6546e>
      5.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 439d3ba0>
      6.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 fcfc7a55>
      7.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 7d99e5d4>
      8.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (100 HS_ADMIN <24 0791d596> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 7ebf4216> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b702535e>
     10.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 ea8ee8ae>
     11.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 aae05b4e>
     12.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 d215f986>
     13.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 4512e315>
     14.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (200 HS_VLIST <48 19905dd7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 d712c595> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 58d55f4b>
     16.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 b76b2b26>
     17.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 18d0ebcf>
     18.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 53170abb>
     19.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 63188d72>
     20.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 c8c61a48> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6832eecb>
     22.000  enterprise-88.300.35 -> client               tcp  SUCCESS to LIST_HANDLES 88.300.35/ABOUT 88.300.35/BATCH-2025-04 88.300.35/BATCH-2025-05 88.300.35/LEDGER 88.300.35/NX22CH31080 88.300.35/NX22CH38112 88.300.35/NX22CH55872 88.300.35/NX22CH64302 88.300.35/NX22CH65208 88.300.35/NX22CH66931 88.300.35/NX22CH98978 88.300.35/NX22HC13100 88.300.35/NX22HC22366 88.300.35/NX22HC26600 88.300.35/NX22HC26846 88.300.35/NX22HC27321 88.300.35/NX22HC29299 88.300.35/NX22HC44818 88.300.35/NX22HC58465 88.300.35/NX22HC62174 88.300.35/NX22HC67502 88.300.35/NX22HC70522 88.300.35/NX22HC73903 88.300.35/NX22HC92209 88.300.35/NX22HC93607 88.300.35/NX22HC95532 88.300.35/NX22LJ00178 88.300.35/NX22LJ01748 88.300.35/NX22LJ02190 88.300.35/NX22LJ09708 88.300.35/NX22LJ10310 88.300.35/NX22LJ14677 88.300.35/NX22LJ30370 88.300.35/NX22LJ39137 88.300.35/NX22LJ42025 88.300.35/NX22LJ48319 88.300.35/NX22LJ51449 88.300.35/NX22LJ63680 88.300.35/NX22LJ65914 88.300.35/NX22LJ68717 88.300.35/NX22LJ86354 88.300.35/NX22PU18539 88.300.35/NX22PU23438 88.300.35/NX22PU23479 88.300.35/NX22PU34579 88.300.35/NX22PU61343 88.300.35/NX22PU70138 88.300.35/NX22PU71111 88.300.35/NX22PU71384 88.300.35/NX22PU79065 [+AUTHORITATIVE +CONTINUED] serial 1

== Nobody else gets the list
cite RFC 3652 §3.7.1
> list enterprise-88.300.35 0.NA/88.300.35 as 88.118.8:key
      1.000  client -> enterprise-88.300.35               tcp  LIST_HANDLES 0.NA/88.300.35 serial 1
      2.000  enterprise-88.300.35 -> client               tcp  AUTHENTICATION_NEEDED to LIST_HANDLES nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 afc7e8f4>
      3.000  client -> enterprise-88.300.35               tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 87d77b3c> session 1690011331 serial 1
      4.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 39d6546e>
      5.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 439d3ba0>
      6.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 fcfc7a55>
      7.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 7d99e5d4>
      8.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (100 HS_ADMIN <24 0791d596> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 7ebf4216> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b702535e>
     10.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 ea8ee8ae>
     11.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 aae05b4e>
     12.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 d215f986>
     13.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 4512e315>
     14.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (200 HS_VLIST <48 19905dd7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 d712c595> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 58d55f4b>
     16.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 b76b2b26>
     17.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 18d0ebcf>
     18.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 53170abb>
     19.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 63188d72>
     20.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.300 -> enterprise-88.300.35     udp  SUCCESS 0.NA/88.300.35, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 c8c61a48> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 6832eecb>
     22.000  enterprise-88.300.35 -> root-1               udp  RESOLUTION 0.NA/88.300.35, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.300.35               udp  fragment 0 of 525 octets, <492 6c02170b>
     23.000  root-1 -> enterprise-88.300.35               udp  fragment 1 of 525 octets, <33 f13dfbdd>
     24.000  enterprise-88.300.35 -> national-88          udp  RESOLUTION 0.NA/88.300.35, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.300.35          udp  fragment 0 of 560 octets, <492 4b2e96a8>
     25.000  national-88 -> enterprise-88.300.35          udp  fragment 1 of 560 octets, <68 52a7669f>
     26.000  enterprise-88.300.35 -> secondary-88.300     udp  RESOLUTION 0.NA/88.300.35, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.300 -> enterprise-88.300.35     udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 60f19dd9> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f809e39d>
     28.000  enterprise-88.300.35 -> client               tcp  INVALID_ADMIN to LIST_HANDLES [+AUTHORITATIVE] serial 1
> list enterprise-88.300.35 0.NA/88.118.8 as 88.118.8:key
     29.000  client -> enterprise-88.300.35               tcp  LIST_HANDLES 0.NA/88.118.8 serial 1
     30.000  enterprise-88.300.35 -> client               tcp  SERVER_NOT_RESP to LIST_HANDLES message That prefix doesn't live here [+AUTHORITATIVE] serial 1

== The prefixes below a prefix are listed
cite RFC 3652 §3.7.2
> list secondary-88.118 0.NA/0.NA/88.118 as 88.118:key
      1.000  client -> secondary-88.118                   tcp  LIST_HANDLES 0.NA/0.NA/88.118 serial 1
      2.000  secondary-88.118 -> client                   tcp  AUTHENTICATION_NEEDED to LIST_HANDLES nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 869ca241>
      3.000  client -> secondary-88.118                   tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118, user_index 300, answer <143 52524215> session 1690011331 serial 1
      4.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 365b7964>
      5.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 83e3b05a>
      6.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (100 HS_ADMIN <21 7b1a8878> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 1f1e9619> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 e842ba64>
      8.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 b4fd3011>
      9.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 4e51cfc8>
     10.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (200 HS_VLIST <42 a78c95cf> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 23c50d4b> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 0691afcd>
     12.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 caad33bb>
     13.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 d9b2815c>
     14.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 bc2b4b81> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 c8a3c49c>
     16.000  secondary-88.118 -> client                   tcp  SUCCESS to LIST_HANDLES 0.NA/88.118.8 0.NA/88.118.9 [+AUTHORITATIVE] serial 1

== A new enterprise is registered at its secondary node
cite RFC 3651 §4.2
> create secondary-88.118 0.NA/88.118.50 "1:HS_SITE:site:@enterprise-88.118.8" as 88.118:key
      1.000  client -> secondary-88.118                   tcp  CREATE_HANDLE 0.NA/88.118.50, (1 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) serial 1
      2.000  secondary-88.118 -> client                   tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 eeca841e>
      3.000  client -> secondary-88.118                   tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118, user_index 300, answer <143 8d345998> session 1690011331 serial 1
      4.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 365b7964>
      5.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 83e3b05a>
      6.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (100 HS_ADMIN <21 7b1a8878> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 1f1e9619> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 e842ba64>
      8.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 b4fd3011>
      9.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 4e51cfc8>
     10.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (200 HS_VLIST <42 a78c95cf> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 23c50d4b> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 0691afcd>
     12.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 caad33bb>
     13.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 d9b2815c>
     14.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 bc2b4b81> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 c8a3c49c>
     16.000  secondary-88.118 -> client                   tcp  SUCCESS to CREATE_HANDLE 0.NA/88.118.50 [+AUTHORITATIVE] serial 1
> ask recursive-1 88.118.50/FIRST
     17.000  client -> recursive-1                        udp  RESOLUTION 88.118.50/FIRST
     18.000  recursive-1 -> root-1                        udp  RESOLUTION 0.NA/88.118.50, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     19.000  root-1 -> recursive-1                        udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     20.000  recursive-1 -> national-88                   udp  RESOLUTION 0.NA/88.118.50, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     21.000  national-88 -> recursive-1                   udp  PREFIX_REFERRAL (2 HS_SITE.PREFIX <284 59b3ba6c> ttl 86400) [+AUTHORITATIVE] recursion 1 serial 1
     22.000  recursive-1 -> secondary-88.118              udp  RESOLUTION 0.NA/88.118.50, types HS_SITE HS_SITE.6 HS_SERV HS_NAMESPACE recursion 1 serial 1
     23.000  secondary-88.118 -> recursive-1              udp  SUCCESS 0.NA/88.118.50, (1 HS_SITE <60 41523f5a> ttl 86400 at 1800000000) [+AUTHORITATIVE] recursion 1 serial 1
     24.000  recursive-1 -> enterprise-88.118.8           udp  RESOLUTION 88.118.50/FIRST recursion 1 serial 1
     25.000  enterprise-88.118.8 -> recursive-1           udp  SERVER_NOT_RESP message That prefix doesn't live here [+AUTHORITATIVE] recursion 1 serial 1
     26.000  recursive-1 -> client                        udp  SERVER_NOT_RESP message That prefix doesn't live here serial 1

== An enterprise may not register another
cite RFC 3651 §4.2
> create secondary-88.118 0.NA/88.118.51 "1:HS_SITE:site:@enterprise-88.118.8" as 88.118.8:key
      1.000  client -> secondary-88.118                   tcp  CREATE_HANDLE 0.NA/88.118.51, (1 HS_SITE <60 41523f5a> ttl 86400 at 1790000000) serial 1
      2.000  secondary-88.118 -> client                   tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 6f6ab68f>
      3.000  client -> secondary-88.118                   tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 cf611921> session 1690011331 serial 1
      4.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 365b7964>
      5.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 83e3b05a>
      6.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (100 HS_ADMIN <21 7b1a8878> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 1f1e9619> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 e842ba64>
      8.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 b4fd3011>
      9.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 4e51cfc8>
     10.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (200 HS_VLIST <42 a78c95cf> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 23c50d4b> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 0691afcd>
     12.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 caad33bb>
     13.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 d9b2815c>
     14.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> secondary-88.118              udp  SUCCESS 0.NA/88.118, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 bc2b4b81> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 c8a3c49c>
     16.000  secondary-88.118 -> root-1                   udp  RESOLUTION 0.NA/88.118, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> secondary-88.118                   udp  fragment 0 of 525 octets, <492 4338b366>
     17.000  root-1 -> secondary-88.118                   udp  fragment 1 of 525 octets, <33 279f2d9c>
     18.000  secondary-88.118 -> national-88              udp  RESOLUTION 0.NA/88.118, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> secondary-88.118              udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 8ae5be61> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f7b2a3bc>
     20.000  secondary-88.118 -> client                   tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== The root does not take what is not its own
cite RFC 3651 §4.2
> create root-1 0.NA/88.118.52 1:URL:https://no.example as 88.118:key
      1.000  client -> root-1                             tcp  CREATE_HANDLE 0.NA/88.118.52, (1 URL https://no.example ttl 86400 at 1790000000) serial 1
      2.000  root-1 -> client                             tcp  PREFIX_REFERRAL to CREATE_HANDLE (2 HS_SITE.PREFIX <244 a6996075> ttl 86400) [+AUTHORITATIVE] serial 1
> create root-1 0.NA/99 1:URL:https://no.example as 88:key
      3.000  client -> root-1                             tcp  CREATE_HANDLE 0.NA/99, (1 URL https://no.example ttl 86400 at 1790000000) serial 1
      4.000  root-1 -> client                             tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 63f80dfa>
      5.000  client -> root-1                             tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88, user_index 300, answer <143 bb98ec17> session 1690011331 serial 1
      6.000  root-1 -> client                             tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== A prefix is homed by who may, again without harm, and only a prefix
cite behaviour of the reference, order of decisions
> home enterprise-88.118.8 0.NA/88.118.60 as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 0.NA/88.118.60 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to HOME_PREFIX nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 96c72e82>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 04ec84d2> session 1690011331 serial 1
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
     16.000  enterprise-88.118.8 -> client                tcp  SUCCESS to HOME_PREFIX [+AUTHORITATIVE] serial 1
> home enterprise-88.118.8 0.NA/88.118.60 as 88.118.8:key
     17.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 0.NA/88.118.60 serial 1
     18.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to HOME_PREFIX nonce <16 010ce9ae> [+AUTHORITATIVE +REQUEST_DIGEST] session 1033486133 serial 1 digest 3 <32 96c72e82>
     19.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 ae20dbb1> session 1033486133 serial 1
     20.000  enterprise-88.118.8 -> client                tcp  SUCCESS to HOME_PREFIX [+AUTHORITATIVE] serial 1
> home enterprise-88.118.8 88.118.60 as 88.118.8:key
     21.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 88.118.60 serial 1
     22.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to HOME_PREFIX nonce <16 26b201cc> [+AUTHORITATIVE +REQUEST_DIGEST] session 1387525333 serial 1 digest 3 <32 1a65e394>
     23.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 428c5f80> session 1387525333 serial 1
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to HOME_PREFIX [+AUTHORITATIVE] serial 1
> home enterprise-88.118.8 88.118.8/ITEM as 88.118.8:key
     25.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 88.118.8/ITEM serial 1
     26.000  enterprise-88.118.8 -> client                tcp  INVALID_HANDLE to HOME_PREFIX message Handle is not a prefix handle [+AUTHORITATIVE] serial 1
> home enterprise-88.118.8 0.NA/88.118.61 as 88.300.35:key
     27.000  client -> enterprise-88.118.8                tcp  HOME_PREFIX 0.NA/88.118.61 serial 1
     28.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to HOME_PREFIX nonce <16 ca4d9eb1> [+AUTHORITATIVE +REQUEST_DIGEST] session 1769039044 serial 1 digest 3 <32 6c383bb8>
     29.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.300.35, user_index 300, answer <143 b971c297> session 1769039044 serial 1
     30.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     31.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 f3349ce4>
     31.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 8a91ce32>
     32.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     33.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 cb449860>
     33.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 04837060>
     34.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     35.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 1dc91da0>
     36.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to HOME_PREFIX [+AUTHORITATIVE] serial 1

== A write that was acknowledged is there after the node was killed
cite ARCHITECTURE.md, decisions
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key
      1.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 5c0abcba>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 15fa92fd> session 1690011331 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 3240bb27>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 0538f4ff>
      6.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c3cddf3a>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f06eb12b>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4b574a2f>
     10.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e91c799b>
     11.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 aae24194>
     12.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0cd9a30>
     13.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 14f9c5b5>
     14.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 5d1cef02>
     16.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a34f3587>
     17.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ebe566c3>
     18.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5de9d544>
     19.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 f5e2a599>
     20.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 29d2fc6c>
     22.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] serial 1
> kill enterprise-88.118.8
> start enterprise-88.118.8
> ask enterprise-88.118.8 88.118.8/NEW
     23.000  client -> enterprise-88.118.8                udp  RESOLUTION 88.118.8/NEW
     24.000  enterprise-88.118.8 -> client                udp  SUCCESS 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1800000000) [+AUTHORITATIVE] serial 1

== The answer to a challenge comes too late
cite RFC 3652 §3.5
> op enterprise-88.118.8 101 88.118.8/JXDY2106023
      1.000  client -> enterprise-88.118.8                udp  DELETE_HANDLE 88.118.8/JXDY2106023 serial 1
      2.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 1690011331 serial 1 digest 3 <32 a767c1fc>
> wait 61
> op enterprise-88.118.8 101 88.118.8/JXDY2106023
  61003.000  client -> enterprise-88.118.8                udp  DELETE_HANDLE 88.118.8/JXDY2106023 serial 1
  61004.000  enterprise-88.118.8 -> client                udp  AUTHENTICATION_NEEDED to DELETE_HANDLE nonce <16 014aa838> [+AUTHORITATIVE +REQUEST_DIGEST] session 1416613570 serial 1 digest 3 <32 de113c93>
