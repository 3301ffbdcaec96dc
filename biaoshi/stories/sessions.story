# Sessions: a login bound to a connection, and a key that two agree upon.

== The national SDK logs in, and then writes without being asked again
cite national SDK 2.3.1, login
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
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as nobody in=one
     11.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) session 10001 serial 1
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 23c69e47>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 f3648dcc>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 42089dfe>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 e9918a67>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 57f1f87a>
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 8d1bd9e4>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ec18022d>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 9d031cd0>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 e4a89fdb>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 49bfbb12>
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] session 10001 serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
     25.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) session 10001 serial 1
     26.000  enterprise-88.118.8 -> client                tcp  HANDLE_ALREADY_EXISTS to CREATE_HANDLE [+AUTHORITATIVE] session 10001 serial 1
> delete enterprise-88.118.8 88.118.8/NEW as 88.118.8:key in=one
     27.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/NEW session 10001 serial 1
     28.000  enterprise-88.118.8 -> client                tcp  SUCCESS to DELETE_HANDLE [+AUTHORITATIVE] session 10001 serial 1

== The login of one connection means nothing on another
cite national SDK 2.3.1, login
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
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.9:key in=two
     11.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 01a56e7b> [+AUTHORITATIVE +REQUEST_DIGEST] session 1896932728 serial 1 digest 3 <32 5c0abcba>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 4bc44a97> session 1896932728 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 0f6dd4a3>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 c115a516>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6ce998c5>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9279375d>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 069be857>
     20.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 ffc1d1f6>
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 1aba92b2>
     22.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 fc6dc972>
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7ea1ba8a>
     24.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 ab699b59>
     26.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e104b440>
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 f4d70064>
     28.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 ee03fff7>
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4016ab35>
     30.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     31.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 1b802aa0>
     32.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== The login ends with the connection
cite national SDK 2.3.1, login
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
> hangup enterprise-88.118.8 one
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.9:key in=one
     11.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 01a56e7b> [+AUTHORITATIVE +REQUEST_DIGEST] session 1896932728 serial 1 digest 3 <32 5c0abcba>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 4bc44a97> session 1896932728 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 0f6dd4a3>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 c115a516>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 6ce998c5>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9279375d>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 069be857>
     20.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 ffc1d1f6>
     21.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 1aba92b2>
     22.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 fc6dc972>
     23.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 7ea1ba8a>
     24.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 ab699b59>
     26.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 e104b440>
     27.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 f4d70064>
     28.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 ee03fff7>
     29.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 4016ab35>
     30.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     31.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 1b802aa0>
     32.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] serial 1

== Two logins of the same number, on two connections
cite national SDK 2.3.1, login
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
> login enterprise-88.118.8 as 88.118.9:key in=two
     11.000  client -> enterprise-88.118.8                tcp  LOGIN user_handle 0.NA/88.118.9, user_index 300 session 10001 serial 1
     12.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to LOGIN nonce <16 01a56e7b> [+AUTHORITATIVE +REQUEST_DIGEST] session 10001 serial 1 digest 3 <32 5c721ffc>
     13.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.9, user_index 300, answer <143 ed839923> session 10001 serial 1
     14.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 9485060b>
     15.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 e7418a0a>
     16.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 55bee3c3>
     17.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 0ea87827>
     18.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.9, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.9, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 20740caa> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 4fd60978>
     20.000  enterprise-88.118.8 -> client                tcp  SUCCESS to LOGIN [+AUTHORITATIVE] session 10001 serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.9:key in=two
     21.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) session 10001 serial 1
     22.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 99777522>
     23.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 4d06d2bc>
     24.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 2f658424>
     25.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 579ecf66>
     26.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     27.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 7e7e07cb>
     28.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     29.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 4e8ea415>
     29.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 5064d564>
     30.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     31.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5430b2ef>
     31.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 2ca72f6e>
     32.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     33.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 19d0b5e7>
     34.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     35.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 2463b8be>
     35.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 87ff07f3>
     36.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     37.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 d16b99b7>
     37.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 2288bd18>
     38.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 301 [+CERTIFY +REQUEST_DIGEST] serial 1
     39.000  secondary-88.118 -> enterprise-88.118.8      udp  VALUES_NOT_FOUND [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 fc2c59d0> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 3e08b866>
     40.000  enterprise-88.118.8 -> client                tcp  INVALID_ADMIN to CREATE_HANDLE [+AUTHORITATIVE] session 10001 serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
     41.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) session 10001 serial 1
     42.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE] session 10001 serial 1

== A login with the wrong secret
cite national SDK 2.3.1, login
> login enterprise-88.118.8 as 88.118.8:wrong in=one
      1.000  client -> enterprise-88.118.8                tcp  LOGIN user_handle 0.NA/88.118.8, user_index 301 session 10001 serial 1
      2.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to LOGIN nonce <16 8c4ea5f4> [+AUTHORITATIVE +REQUEST_DIGEST] session 10001 serial 1 digest 3 <32 07b1e12e>
      3.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_SECKEY, user_handle 0.NA/88.118.8, user_index 301, answer <53 60de1511> session 10001 serial 1
      4.000  enterprise-88.118.8 -> root-1                udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 8c4ea5f4>, digest 3 <32 07b1e12e>, answer <53 60de1511> [+CERTIFY +REQUEST_DIGEST] serial 1
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 5861bb07>
      5.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 49eda7e2>
      6.000  enterprise-88.118.8 -> national-88           udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 8c4ea5f4>, digest 3 <32 07b1e12e>, answer <53 60de1511> [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 b9ebb46e>
      7.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 2846469d>
      8.000  enterprise-88.118.8 -> secondary-88.118      udp  VERIFY user_handle 0.NA/88.118.8, user_index 301, nonce <16 8c4ea5f4>, digest 3 <32 07b1e12e>, answer <53 60de1511> [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS to VERIFY [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 193c36e9> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 f45324fc>
     10.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_FAILED to LOGIN [+AUTHORITATIVE] session 10001 serial 1
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.9:key in=one
     11.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) session 10001 serial 1
     12.000  enterprise-88.118.8 -> client                tcp  SESSION_TIMEOUT to CREATE_HANDLE message <57 f1b83ea5> [+AUTHORITATIVE] session 10001 serial 1

== A login at a recursive node
cite national SDK 2.3.1, login
> login recursive-1 as 88.118.8:key in=one
      1.000  client -> recursive-1                        tcp  LOGIN user_handle 0.NA/88.118.8, user_index 300 session 10001 serial 1
      2.000  recursive-1 -> client                        tcp  SESSION_TIMEOUT to LOGIN message <57 f1b83ea5> session 10001 serial 1

== A login over UDP has no connection to be bound to
cite national SDK 2.3.1, login
> login enterprise-88.118.8 as 88.118.8:key in=one udp
      1.000  client -> enterprise-88.118.8                udp  LOGIN user_handle 0.NA/88.118.8, user_index 300 session 10001 serial 1
      2.000  enterprise-88.118.8 -> client                udp  PROTOCOL_ERROR to LOGIN message A login needs a stream and a session id [+AUTHORITATIVE] session 10001 serial 1

== A session with a key, by Diffie-Hellman
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example 100:HS_ADMIN:admin:111111111111:300:0.NA/88.118.8 as 88.118.8:key in=one
      3.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 53a820d7> ttl 86400 at 1790000000) [+CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 511b07f2>
      4.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 4ecb1f91> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 ca4476ce> signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 5c1992be>
      5.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 b61466b4> [+CERTIFY] session 466998398 serial 1 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 2b50dcb7>
      6.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 46807dc8>
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ea9afa2b>
      8.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 34ae5160>
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 de3bf6c5>
     10.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 3ba8aaad>
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 373620fe>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 09ecc124>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 45e0f707>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9a3ce284>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 afbe4428>
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a2adad31>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 9687241d>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0942dd7>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 0b224a52>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 53d2041c>
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 7c0c3008>
> delete enterprise-88.118.8 88.118.8/NEW as 88.118.8:key in=one
     25.000  client -> enterprise-88.118.8                tcp  DELETE_HANDLE 88.118.8/NEW [+CERTIFY] session 466998398 serial 1 signed 3:<0 00000000> HS_MAC HMAC-SHA256 <32 36bddee4>
     26.000  enterprise-88.118.8 -> client                tcp  SUCCESS to DELETE_HANDLE [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 3:<0 00000000> HS_MAC HMAC-SHA256 <32 609c67db>

== A session whose messages are encrypted
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one encrypted
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
      3.000  client -> enterprise-88.118.8                tcp  encrypted, session 466998398, <192 d1b929fd>
      4.000  enterprise-88.118.8 -> client                tcp  encrypted, session 466998398, <176 46ad5321>
                                                               in it: AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 4ecb1f91> [+AUTHORITATIVE +CERTIFY +ENCRYPT +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 88fab1de> signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 763f0122>
      5.000  client -> enterprise-88.118.8                tcp  encrypted, session 466998398, <304 a4a75ba7>
      6.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 491c0ca7>
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 9d1a99fc>
      8.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 8229a4cc>
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 1f0ac3e4>
     10.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 026c392c>
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 8cda781f>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 cc8be084>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 5d4146cd>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 d9eaaee1>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 b1af34c4>
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 6257d6ad>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 f7af5bc9>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 17b2dbbc>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 2af11d96>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 1aa3851e>
     24.000  enterprise-88.118.8 -> client                tcp  encrypted, session 466998398, <144 a485679f>
                                                               in it: SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE +CERTIFY +ENCRYPT] session 466998398 serial 1 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 9d7ed6ac>

== A session of somebody else's name
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.9:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.9, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 7bc38b7d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 87a52c0f>
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
      3.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) [+CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 f84add67>
      4.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED to CREATE_HANDLE nonce <16 4ecb1f91> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 ebcbf162> signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 73969a9b>
      5.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 81020e33> [+CERTIFY] session 466998398 serial 1 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 7b79b39d>
      6.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 46807dc8>
      7.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 ea9afa2b>
      8.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 34ae5160>
      9.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 de3bf6c5>
     10.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, types HS_ADMIN [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (100 HS_ADMIN <23 edd437f7> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 da9aeac6> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 3ba8aaad>
     12.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 373620fe>
     13.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 09ecc124>
     14.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 45e0f707>
     15.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 9a3ce284>
     16.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 200 [+CERTIFY +REQUEST_DIGEST] serial 1
     17.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (200 HS_VLIST <46 95c9e248> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 809eab27> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 afbe4428>
     18.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 a2adad31>
     19.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 9687241d>
     20.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 c0942dd7>
     21.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 0b224a52>
     22.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     23.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 53d2041c>
     24.000  enterprise-88.118.8 -> client                tcp  SUCCESS to CREATE_HANDLE 88.118.8/NEW [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 7c0c3008>

== A session is over when its time is
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> wait 61
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
  61003.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) [+CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 c44ac03b>
  61004.000  enterprise-88.118.8 -> client                tcp  SESSION_TIMEOUT to CREATE_HANDLE message <57 f1b83ea5> [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 0:<0 00000000> HS_SIGNED SHA-256 <128 2c6e51c6>

== A session is gone when its node was killed
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> kill enterprise-88.118.8
> start enterprise-88.118.8
> create enterprise-88.118.8 88.118.8/NEW 1:URL:https://new.example as 88.118.8:key in=one
      3.000  client -> enterprise-88.118.8                tcp  CREATE_HANDLE 88.118.8/NEW, (1 URL https://new.example ttl 86400 at 1790000000) [+CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 f84add67>
      4.000  enterprise-88.118.8 -> client                tcp  SESSION_TIMEOUT to CREATE_HANDLE message <57 f1b83ea5> [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 0:<0 00000000> HS_SIGNED SHA-256 <128 371cc074>

== The sessions of one enterprise mean nothing at another
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> create enterprise-88.300.35 88.300.35/NEW 1:URL:https://new.example as 88.300.35:key in=one
      3.000  client -> enterprise-88.300.35               tcp  CREATE_HANDLE 88.300.35/NEW, (1 URL https://new.example ttl 86400 at 1790000000) [+CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 4380095b>
      4.000  enterprise-88.300.35 -> client               tcp  SESSION_TIMEOUT to CREATE_HANDLE message <57 f1b83ea5> [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 0:<0 00000000> HS_SIGNED SHA-256 <128 371cc074>

== Who has logged in sees secrets
cite national SDK 2.3.1, login
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
> ask enterprise-88.118.8 88.118.8/SECRET secret as nobody in=one
     11.000  client -> enterprise-88.118.8                tcp  RESOLUTION 88.118.8/SECRET [-PUBLIC_ONLY] session 10001
     12.000  enterprise-88.118.8 -> client                tcp  SUCCESS 88.118.8/SECRET, (1 KEY hidden ttl 86400 1100 at 1790000000) (100 HS_ADMIN <23 5da5f806> ttl 86400 at 1790000000) [+AUTHORITATIVE -PUBLIC_ONLY] session 10001 serial 1
> ask enterprise-88.118.8 88.118.8/SECRET as nobody in=one
     13.000  client -> enterprise-88.118.8                tcp  RESOLUTION 88.118.8/SECRET session 10001
     14.000  enterprise-88.118.8 -> client                tcp  SUCCESS 88.118.8/SECRET, (100 HS_ADMIN <23 5da5f806> ttl 86400 at 1790000000) [+AUTHORITATIVE] session 10001 serial 1

== In a session with a key, a secret value comes encrypted without being asked for so
cite RFC 3652 §3.8
> setup enterprise-88.118.8 as 88.118.8:key in=one
      1.000  client -> enterprise-88.118.8                tcp  SESSION_SETUP mode 4, timeout_s 60, identity 300:0.NA/88.118.8, public_key <286 c1a16c4c>, tail <2 41d912ff> [+CERTIFY +REQUEST_DIGEST] serial 1
      2.000  enterprise-88.118.8 -> client                tcp  SUCCESS to SESSION_SETUP mode 4, data <290 2aae4769>, tail <2 41d912ff> [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 69cd7428> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 df10c5d6>
> put enterprise-88.118.8 88.118.8/SECRET "1:KEY:hidden;perm=1100" 2:URL:https://open.example 100:HS_ADMIN:admin:010000000000:300:0.NA/88.118.8
> ask enterprise-88.118.8 88.118.8/SECRET type=URL as 88.118.8:key in=one
      3.000  client -> enterprise-88.118.8                tcp  RESOLUTION 88.118.8/SECRET, types URL [+CERTIFY] session 466998398 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 dce7386a>
      4.000  enterprise-88.118.8 -> client                tcp  SUCCESS 88.118.8/SECRET, (2 URL https://open.example ttl 86400 at 1790000000) [+AUTHORITATIVE +CERTIFY] session 466998398 serial 1 signed 1:<0 00000000> HS_MAC HMAC-SHA256 <32 79683eae>
> ask enterprise-88.118.8 88.118.8/SECRET secret as 88.118.8:key in=one
      5.000  client -> enterprise-88.118.8                tcp  RESOLUTION 88.118.8/SECRET [+CERTIFY -PUBLIC_ONLY] session 466998398 signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 96e8f598>
      6.000  enterprise-88.118.8 -> client                tcp  AUTHENTICATION_NEEDED nonce <16 4ecb1f91> [+AUTHORITATIVE +CERTIFY -PUBLIC_ONLY +REQUEST_DIGEST] session 466998398 serial 1 digest 3 <32 438cfd52> signed 2:<0 00000000> HS_MAC HMAC-SHA256 <32 27b499b6>
      7.000  client -> enterprise-88.118.8                tcp  CHALLENGE_ANSWER auth_type HS_PUBKEY, user_handle 0.NA/88.118.8, user_index 300, answer <143 c52a888f> [+CERTIFY] session 466998398 serial 1 signed 3:<0 00000000> HS_MAC HMAC-SHA256 <32 72e79dfd>
      8.000  enterprise-88.118.8 -> root-1                udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 0 of 525 octets, <492 cc49be99>
      9.000  root-1 -> enterprise-88.118.8                udp  fragment 1 of 525 octets, <33 03e5550c>
     10.000  enterprise-88.118.8 -> national-88           udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 0 of 565 octets, <492 98f80218>
     11.000  national-88 -> enterprise-88.118.8           udp  fragment 1 of 565 octets, <73 e448e961>
     12.000  enterprise-88.118.8 -> secondary-88.118      udp  RESOLUTION 0.NA/88.118.8, indexes 300 [+CERTIFY +REQUEST_DIGEST] serial 1
     13.000  secondary-88.118 -> enterprise-88.118.8      udp  SUCCESS 0.NA/88.118.8, (300 HS_PUBKEY <161 fa0999b6> ttl 86400) [+AUTHORITATIVE +CERTIFY +REQUEST_DIGEST] serial 1 digest 3 <32 955d000d> signed 0:<0 00000000> HS_SIGNED SHA-256 <128 a3d0bbed>
     14.000  enterprise-88.118.8 -> client                tcp  encrypted, session 466998398, <288 0b120e3b>
                                                               in it: SUCCESS 88.118.8/SECRET, (1 KEY hidden ttl 86400 1100 at 1790000000) (2 URL https://open.example ttl 86400 at 1790000000) (100 HS_ADMIN <23 5da5f806> ttl 86400 at 1790000000) [+AUTHORITATIVE +CERTIFY -PUBLIC_ONLY] session 466998398 serial 1 signed 3:<0 00000000> HS_MAC HMAC-SHA256 <32 74add049>
