"""The GS1 application identifiers as a table: format, checks, companions and place in a Digital Link.

Facts of the GS1 General Specifications and of the GS1 Barcode Syntax Dictionary (edition of July 2026), in our own
notation; `application_identifiers` reads it. One row is `AI or range, components, words`:

    N6, X<=20, Z<=90   fixed or at most so many characters: N digits, X set 82, Y set 39, Z base 64 for URIs
    N3:iso3166         a check of `component_checks` on that component; `+` joins components, `?` may be absent
    fixed              predefined length, needs no FNC1 after it
    attribute          may stand in the query of a Digital Link
    key, key=22>10>21  primary key of a Digital Link with its qualifiers in order; `|` separates alternatives
    needs=01+21|02     one of these groups must stand beside it (n is any digit); several words must all hold
    not=255|37         must not stand beside any of these
"""

ROWS = """
00 N18:csum:gcppos2 fixed attribute key
01 N14:csum:gcppos2 fixed attribute key=22>10>21|235 not=255|37
02 N14:csum:gcppos2 fixed attribute needs=37 not=01|03
03 N14:csum:gcppos2 fixed not=01|02|37|235
10 X<=20 attribute needs=01|02|03|8006|8026
11 N6:yymmd0 fixed attribute needs=01|02|03|8006|8026
12 N6:yymmd0 fixed attribute needs=8020
13 N6:yymmd0 fixed attribute needs=01|02|03|8006|8026
15 N6:yymmd0 fixed attribute needs=01|02|03|8006|8026
16 N6:yymmd0 fixed attribute needs=01|02|03|8006|8026
17 N6:yymmd0 fixed attribute needs=01|02|03|255|8006|8026
20 N2 fixed attribute needs=01|02|03|8006|8026
21 X<=20 needs=01|03|8006 not=235
22 X<=20 needs=01
235 X<=28 needs=01
240 X<=30 attribute needs=01|02|03|8006|8026
241 X<=30 attribute needs=01|02|03|8006|8026
242 N<=6 attribute needs=01|02|8006|8026
243 X<=20 attribute needs=01|03
250 X<=30 attribute needs=01+21|03+21|8006+21
251 X<=30 attribute needs=01|03|8006
253 N13:csum:gcppos1+?X<=17 attribute key
254 X<=20 needs=414
255 N13:csum:gcppos1+?N<=12 attribute key not=01|02|415|8006|8020|8026
30 N<=8 attribute needs=01|02
3100-3105 N6 fixed attribute needs=01|02 not=310n
3110-3115 N6 fixed attribute needs=01|02 not=311n
3120-3125 N6 fixed attribute needs=01|02 not=312n
3130-3135 N6 fixed attribute needs=01|02 not=313n
3140-3145 N6 fixed attribute needs=01|02 not=314n
3150-3155 N6 fixed attribute needs=01|02 not=315n
3160-3165 N6 fixed attribute needs=01|02 not=316n
3200-3205 N6 fixed attribute needs=01|02 not=320n
3210-3215 N6 fixed attribute needs=01|02 not=321n
3220-3225 N6 fixed attribute needs=01|02 not=322n
3230-3235 N6 fixed attribute needs=01|02 not=323n
3240-3245 N6 fixed attribute needs=01|02 not=324n
3250-3255 N6 fixed attribute needs=01|02 not=325n
3260-3265 N6 fixed attribute needs=01|02 not=326n
3270-3275 N6 fixed attribute needs=01|02 not=327n
3280-3285 N6 fixed attribute needs=01|02 not=328n
3290-3295 N6 fixed attribute needs=01|02 not=329n
3300-3305 N6 fixed attribute needs=00|01 not=330n
3310-3315 N6 fixed attribute needs=00|01 not=331n
3320-3325 N6 fixed attribute needs=00|01 not=332n
3330-3335 N6 fixed attribute needs=00|01 not=333n
3340-3345 N6 fixed attribute needs=00|01 not=334n
3350-3355 N6 fixed attribute needs=00|01 not=335n
3360-3365 N6 fixed attribute needs=00|01 not=336n
3370-3375 N6 fixed attribute needs=01 not=337n
3400-3405 N6 fixed attribute needs=00|01 not=340n
3410-3415 N6 fixed attribute needs=00|01 not=341n
3420-3425 N6 fixed attribute needs=00|01 not=342n
3430-3435 N6 fixed attribute needs=00|01 not=343n
3440-3445 N6 fixed attribute needs=00|01 not=344n
3450-3455 N6 fixed attribute needs=00|01 not=345n
3460-3465 N6 fixed attribute needs=00|01 not=346n
3470-3475 N6 fixed attribute needs=00|01 not=347n
3480-3485 N6 fixed attribute needs=00|01 not=348n
3490-3495 N6 fixed attribute needs=00|01 not=349n
3500-3505 N6 fixed attribute needs=01|02 not=350n
3510-3515 N6 fixed attribute needs=01|02 not=351n
3520-3525 N6 fixed attribute needs=01|02 not=352n
3530-3535 N6 fixed attribute needs=00|01 not=353n
3540-3545 N6 fixed attribute needs=00|01 not=354n
3550-3555 N6 fixed attribute needs=00|01 not=355n
3560-3565 N6 fixed attribute needs=01|02 not=356n
3570-3575 N6 fixed attribute needs=01|02 not=357n
3600-3605 N6 fixed attribute needs=01|02 not=360n
3610-3615 N6 fixed attribute needs=01|02 not=361n
3620-3625 N6 fixed attribute needs=00|01 not=362n
3630-3635 N6 fixed attribute needs=00|01 not=363n
3640-3645 N6 fixed attribute needs=01|02 not=364n
3650-3655 N6 fixed attribute needs=01|02 not=365n
3660-3665 N6 fixed attribute needs=01|02 not=366n
3670-3675 N6 fixed attribute needs=00|01 not=367n
3680-3685 N6 fixed attribute needs=00|01 not=368n
3690-3695 N6 fixed attribute needs=00|01 not=369n
37 N<=8 attribute needs=00+02|00+8026
3900-3909 N<=15 attribute needs=255|8020 not=390n|391n|394n|8111
3910-3919 N3:iso4217+N<=15 attribute needs=8020 not=391n
3920-3929 N<=15 attribute needs=01+30|01+31nn|01+32nn|01+35nn|01+36nn not=392n|393n
3930-3939 N3:iso4217+N<=15 attribute needs=30|31nn|32nn|35nn|36nn not=393n
3940-3943 N4 attribute needs=255 not=394n|8111
3950-3955 N6 attribute needs=30|31nn|32nn|35nn|36nn not=392n|393n|395n|8005
400 X<=30 attribute
401 X<=30:gcppos1 attribute key
402 N17:csum:gcppos1 attribute key
403 X<=30 attribute needs=00
410 N13:csum:gcppos1 fixed attribute
411 N13:csum:gcppos1 fixed attribute
412 N13:csum:gcppos1 fixed attribute
413 N13:csum:gcppos1 fixed attribute
414 N13:csum:gcppos1 fixed attribute key=254|7040
415 N13:csum:gcppos1 fixed attribute key=8020 needs=8020
416 N13:csum:gcppos1 fixed attribute
417 N13:csum:gcppos1 fixed attribute key=7040
420 X<=20 attribute not=421
421 N3:iso3166+X<=9 attribute not=4307
422 N3:iso3166 attribute needs=01|02|03|8006|8026 not=426
423 N3:iso3166+?N3:iso3166+?N3:iso3166+?N3:iso3166+?N3:iso3166 attribute needs=01|02|03 not=426
424 N3:iso3166 attribute needs=01|02|03 not=426
425 N3:iso3166+?N3:iso3166+?N3:iso3166+?N3:iso3166+?N3:iso3166 attribute needs=01|02|03 not=426
426 N3:iso3166 attribute needs=01|02|03
427 X<=3 attribute needs=01+422|02+422|03+422
4300 X<=35:pcenc attribute needs=00
4301 X<=35:pcenc attribute needs=00
4302 X<=70:pcenc attribute needs=00
4303 X<=70:pcenc attribute needs=4302
4304 X<=70:pcenc attribute needs=00
4305 X<=70:pcenc attribute needs=00
4306 X<=70:pcenc attribute needs=00
4307 X2:iso3166alpha2 attribute needs=00
4308 X<=30 attribute needs=00
4309 N10:latitude+N10:longitude attribute needs=00
4310 X<=35:pcenc attribute needs=00
4311 X<=35:pcenc attribute needs=00
4312 X<=70:pcenc attribute needs=00
4313 X<=70:pcenc attribute needs=4312
4314 X<=70:pcenc attribute needs=00
4315 X<=70:pcenc attribute needs=00
4316 X<=70:pcenc attribute needs=00
4317 X2:iso3166alpha2 attribute needs=00
4318 X<=20 attribute needs=00
4319 X<=30 attribute needs=00
4320 X<=35:pcenc attribute needs=00
4321 N1:yesno attribute needs=00
4322 N1:yesno attribute needs=00
4323 N1:yesno attribute needs=00
4324 N6:yymmd0+N4:hhmi attribute needs=00
4325 N6:yymmd0+N4:hhmi attribute needs=00
4326 N6:yymmdd attribute needs=00
4330 N6+?X1:hyphen attribute needs=00 not=4331
4331 N6+?X1:hyphen attribute needs=00 not=4330
4332 N6+?X1:hyphen attribute needs=00 not=4333
4333 N6+?X1:hyphen attribute needs=00 not=4332
7001 N13 attribute needs=01|02|8006|8026
7002 X<=30 attribute needs=01|02
7003 N6:yymmdd+N4:hhmi attribute needs=01|02|03
7004 N<=4 attribute needs=01+10|03+10
7005 X<=12 attribute needs=01|02
7006 N6:yymmdd attribute needs=01|02
7007 N6:yymmdd+?N6:yymmdd attribute needs=01|02
7008 X<=3 attribute needs=01|02
7009 X<=10 attribute needs=01|02
7010 X<=2 attribute needs=01|02|03
7011 N6:yymmdd+?N4:hhmi attribute needs=01|02|03
7020 X<=20 attribute needs=01+416|03+416|8006+416
7021 X<=20 attribute needs=01|03|8006
7022 X<=20 attribute needs=01+7021|03+7021|8006+7021
7023 X<=30:gcppos1 attribute
7030 N3:iso3166999+X<=27 attribute needs=01|02
7031 N3:iso3166999+X<=27 attribute needs=01|02
7032 N3:iso3166999+X<=27 attribute needs=01|02
7033 N3:iso3166999+X<=27 attribute needs=01|02
7034 N3:iso3166999+X<=27 attribute needs=01|02
7035 N3:iso3166999+X<=27 attribute needs=01|02
7036 N3:iso3166999+X<=27 attribute needs=01|02
7037 N3:iso3166999+X<=27 attribute needs=01|02
7038 N3:iso3166999+X<=27 attribute needs=01|02
7039 N3:iso3166999+X<=27 attribute needs=01|02
7040 N1+X1+X1+X1:importeridx
7041 X<=4:packagetype needs=00
710 X<=20 attribute needs=01
711 X<=20 attribute needs=01
712 X<=20 attribute needs=01
713 X<=20 attribute needs=01
714 X<=20 attribute needs=01
715 X<=20 attribute needs=01
716 X<=20 attribute needs=01
717 X<=20 attribute needs=01
7230 X2+X<=28 attribute needs=01|8004
7231 X2+X<=28 attribute needs=01|8004
7232 X2+X<=28 attribute needs=01|8004
7233 X2+X<=28 attribute needs=01|8004
7234 X2+X<=28 attribute needs=01|8004
7235 X2+X<=28 attribute needs=01|8004
7236 X2+X<=28 attribute needs=01|8004
7237 X2+X<=28 attribute needs=01|8004
7238 X2+X<=28 attribute needs=01|8004
7239 X2+X<=28 attribute needs=01|8004
7240 X<=20 attribute needs=01|8006 not=03
7241 N2:mediatype attribute needs=8017|8018
7242 X<=25 attribute needs=8017|8018
7250 N8:yyyymmdd attribute needs=8018 not=7251
7251 N8:yyyymmdd+N4:hhmi attribute needs=8018 not=7250
7252 N1:iso5218 attribute needs=8018
7253 X<=40:pcenc attribute needs=8017|8018 not=7256|7259
7254 X<=40:pcenc attribute needs=8017|8018 not=7256|7259
7255 X<=10 attribute needs=8017|8018 not=7256|7259
7256 X<=90:pcenc attribute needs=8017|8018
7257 X<=70:pcenc attribute needs=8018
7258 X3:posinseqslash attribute needs=8018+7259
7259 X<=40:pcenc attribute needs=8018 not=7256
8001 N4:nonzero+N5:nonzero+N3:nonzero+N1:winding+N1 attribute needs=01
8002 X<=20 attribute
8003 N1:zero+N13:csum:gcppos1+?X<=16 attribute key
8004 X<=30:gcppos1 attribute key=7040
8005 N6 attribute needs=01|02
8006 N14:csum:gcppos2+N4:pieceoftotal attribute key=22>10>21 not=01|03|37
8007 X<=34:iban attribute needs=415
8008 N6:yymmdd+N2:hh+?N2:mi+?N2:ss attribute needs=01|02|03
8009 X<=50 attribute needs=00|01|03
8010 Y<=30:gcppos1 attribute key=8011
8011 N<=12:nozeroprefix needs=8010
8012 X<=20 attribute needs=01|03|8006
8013 X<=25:csumalpha:gcppos1 attribute key
8014 X<=25:csumalpha:gcppos1:hasnondigit needs=01
8017 N18:csum:gcppos1 attribute key=8019 not=8018
8018 N18:csum:gcppos1 attribute key=8019 not=8017
8019 N<=10 needs=8017|8018
8020 X<=25 needs=415
8026 N14:csum:gcppos2+N4:pieceoftotal attribute needs=37 not=02|03|8006
8030 Z<=90 attribute needs=00|01+21|03+21|253|255|8003|8004|8006+21|8010+8011|8017|8018
8040 N15 needs=01+21
8041 N15 needs=01+21+8040
8042 N32 needs=01+21+8040
8043 N18+?N<=2 needs=01+21+8040
8110 X<=70:couponcode attribute
8111 N4 attribute needs=255
8112 X<=70:couponposoffer attribute
8200 X<=70 needs=01
90 X<=30 attribute
91-99 X<=90 attribute
"""
