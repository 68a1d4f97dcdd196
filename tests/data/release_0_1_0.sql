-- An office as release 0.1.0 left it, under dongchang version 1: items 1 to 10 are at draft, sign_off,
-- seal, referred, cleared, published, withheld, abandoned, sign_off (on request) and publishing.
-- Everybody in it is a sample.
BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	display_name VARCHAR(100) NOT NULL, 
	display_key VARCHAR(200) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	password_hash VARCHAR(300) NOT NULL, 
	must_change BOOLEAN NOT NULL, 
	password_expires_at DATETIME, 
	enabled BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT ck_account_language CHECK (language IN ('zh', 'en')), 
	CONSTRAINT ck_account_failures CHECK (failures >= 0), 
	CONSTRAINT uq_account_display_key UNIQUE (display_key), 
	CONSTRAINT uq_account_name UNIQUE (name)
);
INSERT INTO "account" VALUES(1,'admin','样例：admin','样例:admin','zh','$argon2id$v=19$m=64,t=1,p=4$xre5aEc/19SdxCpWPtbpbw$eRBn/tGhtvgA1vsAA6thvIZL0n19txbBMr7L/wnOZ6s',0,NULL,1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(2,'clerk','样例：clerk','样例:clerk','zh','$argon2id$v=19$m=64,t=1,p=4$sOu/lFlOmXUkc5YV//pTyQ$YfH/65ICSYch6iLubM8gT9zrNkQIk32un6N8DPbP10c',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(3,'colleague','样例：colleague','样例:colleague','zh','$argon2id$v=19$m=64,t=1,p=4$AvIYHAcNAAtZlx508ReNww$Ue07AZSTysJ5fPaAyxxFyM7WIximqUcM6FCqSxPtBb8',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(4,'deputy','样例：deputy','样例:deputy','zh','$argon2id$v=19$m=64,t=1,p=4$ieX1jItuA9REtmIuFVqzog$CW76rxkn/isxAghpyf5S2MwBgxiF+gfe9ecOmHEwWt4',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(5,'head','样例：head','样例:head','zh','$argon2id$v=19$m=64,t=1,p=4$+GYQFjiKYCnf6Py+YcmDdA$VTQXUClKtdcYbJtwQmZqkqx6tyWTxKKF4EyZ/iWtpew',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(6,'head2','样例：head2','样例:head2','zh','$argon2id$v=19$m=64,t=1,p=4$biaDng8+M0hpTE+2GoLL8A$geE4hYGQ3Q+YlMQ52gzj2U1NATM7x8e5zUGdGXGgwyw',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(7,'keeper','样例：keeper','样例:keeper','zh','$argon2id$v=19$m=64,t=1,p=4$fclO8PlkgI68BE4g62Mf5g$xux9zONiYcU5kQG/78M3ApEH3YYMfSp3f8CHXwbCp/w',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(8,'keeper2','样例：keeper2','样例:keeper2','zh','$argon2id$v=19$m=64,t=1,p=4$FKqni0mUV+pLSBYwPT/g/Q$/j1KhWBtoHOb0Fa+yKXq9KvzAAIMYSqcOOkzPiObExU',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(9,'reviewer','样例：reviewer','样例:reviewer','zh','$argon2id$v=19$m=64,t=1,p=4$QoYMRxb7SYZuBWmErOCUEw$UdBFzJQ4jOvwCFRksQZxwKMyM/Mb1YrovurmMD05vD4',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(10,'reviewer2','样例：reviewer2','样例:reviewer2','zh','$argon2id$v=19$m=64,t=1,p=4$d8/FFhtvd5ttTiYPZKQzSw$l77ZTc/fE2JIfR285BNEasl6cq5AkEXmBXJvz6E6eMA',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(11,'final','样例：final','样例:final','zh','$argon2id$v=19$m=64,t=1,p=4$Cu4SbainLTuVdaw2+PdC5w$Szp70ssBkXCPhv9rD23CvBS30CMzvkxY4b2rYZBUvTI',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(12,'final2','样例：final2','样例:final2','zh','$argon2id$v=19$m=64,t=1,p=4$sC+2tx2/TpMaCu8tck0RdQ$sGrhKZMQ0tkslemyzqdffjAijlFY7SlCJWgpLH5rahM',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(13,'publisher','样例：publisher','样例:publisher','zh','$argon2id$v=19$m=64,t=1,p=4$EPya934ep7MNsrV9ALiRQA$SYrJjLxzq/WK8M056qPGHgT8w97IbnrDlJmTXPKsDko',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(14,'publisher2','样例：publisher2','样例:publisher2','zh','$argon2id$v=19$m=64,t=1,p=4$okV+yyfujvx1OP7FF+SJeg$5jkFlUdVKPqSF0RDYd6a2Csp11WaoPu7c9eV+dmR/Hs',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(15,'receiver','样例：receiver','样例:receiver','zh','$argon2id$v=19$m=64,t=1,p=4$g8Hbquj4sWYvkZKp04N67Q$diMx4uSJOZaV3LzJjOQx/g5D5DQP/veBLtaEZmNfaSw',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(16,'supervisor','样例：supervisor','样例:supervisor','zh','$argon2id$v=19$m=64,t=1,p=4$VsqAB6jxoPYwvlt9TRyX+Q$52FAbOGgPHus4bHtj5AX+4A/d5cxHjdkUUn9/IayDoE',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(17,'auditor','样例：auditor','样例:auditor','zh','$argon2id$v=19$m=64,t=1,p=4$AmHhtw3KtRjaMiGy7jSc4w$B5lRvLuYk3rGdDW5Lqw7MYddjbK9LOzoAvYXixaXLtE',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(18,'admin2','样例：admin2','样例:admin2','zh','$argon2id$v=19$m=64,t=1,p=4$wNF/O4GzS6VTgjB1L9eKEA$olgUy2UXVMzu4Xyo97PyUJyAHtrks3Tg3RRJOpqNTa0',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(19,'outsider','样例：outsider','样例:outsider','zh','$argon2id$v=19$m=64,t=1,p=4$7ktudkY6e7cWQfyeXnSZ9g$MFTgh2+Ruu/1BjksYZ8tEQZ5T1OsdieXz5p/o5/sHjg',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
INSERT INTO "account" VALUES(20,'outhead','样例：outhead','样例:outhead','zh','$argon2id$v=19$m=64,t=1,p=4$hji5HqXJlhYz2X1vfqg9Ow$NfXjSTK3QyteogYbC2Ho/QyUK4Py8nUyliVOLIfQ/Ms',1,'2017-01-23 01:00:00.000000',1,0,NULL,'2017-01-20 01:00:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit_entry (
	id INTEGER NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	event VARCHAR(60) NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	on_behalf_of VARCHAR(64), 
	channel VARCHAR(20) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	details TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id), 
	CONSTRAINT ck_audit_entry_seq CHECK (seq >= 1), 
	CONSTRAINT uq_audit_entry_subject_seq UNIQUE (subject, seq)
);
INSERT INTO "audit_entry" VALUES(1,'system',1,'2017-01-20 01:00:00.000000','office_created','system',NULL,'test','sample-host','{"policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","policy_code":"dongchang","rehearsal":true}','0000000000000000000000000000000000000000000000000000000000000000','a57dec98fc21d1e816d7d3f29af2b86214678f4a589a1b37aa42d42202a86470');
INSERT INTO "audit_entry" VALUES(2,'system',2,'2017-01-20 01:00:00.000000','organisation_imported','system',NULL,'test','sample-host','{"bodies":[["YL-DISTRICT","东昌区人民政府（样例）","People''s Government of Dongchang District (sample)","district",true],["YL-CENTRE","东昌区政府公众信息网络服务中心（样例）","Dongchang Government Public Information Network Service Centre (sample)","centre",true],["YL-ORGANISING","东昌区政务公开组织指导组（样例）","Dongchang Organising and Guidance Group (sample)","group",true],["YL-INSPECTION","东昌区政务公开检查考核组（样例）","Dongchang Inspection and Assessment Group (sample)","group",true],["YL-ACCOUNTABLE","东昌区政务公开责任追究组（样例）","Dongchang Accountability Group (sample)","group",true],["YL-OFFICE","东昌区人民政府办公室（样例）","Office of the People''s Government of Dongchang District (sample)","department",true],["YL-CIVIL","东昌区民政局（样例）","Dongchang Civil Affairs Bureau (sample)","department",true],["YL-FINANCE","东昌区财政局（样例）","Dongchang Finance Bureau (sample)","department",true],["YL-TOWNSHIP","东昌区甲镇人民政府（样例）","People''s Government of Jia Town, Dongchang (sample)","township",true],["YL-SUBDISTRICT","东昌区甲街道办事处（样例）","Jia Sub-district Office, Dongchang (sample)","subdistrict",true],["YL-ARCHIVES","东昌区档案馆公共查阅点（样例）","Public Reading Point at the Dongchang Archives (sample)","reading_point",true],["YL-LIBRARY","东昌区图书馆公共查阅点（样例）","Public Reading Point at the Dongchang Library (sample)","reading_point",true]],"changes":["added:YL-DISTRICT","added:YL-CENTRE","added:YL-ORGANISING","added:YL-INSPECTION","added:YL-ACCOUNTABLE","added:YL-OFFICE","added:YL-CIVIL","added:YL-FINANCE","added:YL-TOWNSHIP","added:YL-SUBDISTRICT","added:YL-ARCHIVES","added:YL-LIBRARY"]}','a57dec98fc21d1e816d7d3f29af2b86214678f4a589a1b37aa42d42202a86470','ab0ac5beaa256ac7ac3fb10e6942b829ab6d42a5bf840fab25f004a7311d6f47');
INSERT INTO "audit_entry" VALUES(3,'system',3,'2017-01-20 01:00:00.000000','account_added','system',NULL,'test','sample-host','{"account":"admin"}','ab0ac5beaa256ac7ac3fb10e6942b829ab6d42a5bf840fab25f004a7311d6f47','65125edf9126147db17320bf971ad500ffbfc57e87836ecc27d9d3ab1409d10b');
INSERT INTO "audit_entry" VALUES(4,'system',4,'2017-01-20 01:00:00.000000','role_granted','system',NULL,'test','sample-host','{"account":"admin","body":"YL-DISTRICT","role":"administrator"}','65125edf9126147db17320bf971ad500ffbfc57e87836ecc27d9d3ab1409d10b','bf19634dd9cd4ea8c5ff24576702b3129a65eb353a6296d6c27034e926dbc06a');
INSERT INTO "audit_entry" VALUES(5,'system',5,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"clerk"}','bf19634dd9cd4ea8c5ff24576702b3129a65eb353a6296d6c27034e926dbc06a','58f446c5b5647ca21d85fc2835682b79139771251a39a032d523306996e6e09f');
INSERT INTO "audit_entry" VALUES(6,'system',6,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"clerk","body":"YL-CIVIL","role":"clerk"}','58f446c5b5647ca21d85fc2835682b79139771251a39a032d523306996e6e09f','93dd0c06891ae30c7072d52cacbffb4c830a26703a0345c9fc78e4d2173753bb');
INSERT INTO "audit_entry" VALUES(7,'system',7,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"colleague"}','93dd0c06891ae30c7072d52cacbffb4c830a26703a0345c9fc78e4d2173753bb','a280a9c761c84b748be1d6fa3a3e8e65515330c08c0064ac10aa2a1173a481e8');
INSERT INTO "audit_entry" VALUES(8,'system',8,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"colleague","body":"YL-CIVIL","role":"clerk"}','a280a9c761c84b748be1d6fa3a3e8e65515330c08c0064ac10aa2a1173a481e8','19360791e42860d1d6d164dd6263878b8248025d7f1c5699f75075e6acefe94c');
INSERT INTO "audit_entry" VALUES(9,'system',9,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"deputy"}','19360791e42860d1d6d164dd6263878b8248025d7f1c5699f75075e6acefe94c','b8b322e9e0c6ebaf67a71b43c502c38ca9355ef2f77fba8c16042a07726876e1');
INSERT INTO "audit_entry" VALUES(10,'system',10,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"deputy","body":"YL-CIVIL","role":"deputy_head"}','b8b322e9e0c6ebaf67a71b43c502c38ca9355ef2f77fba8c16042a07726876e1','df050dfb295705e3ace2f9fb73c404a7ce7f1f619ba760a487b0f41f54173752');
INSERT INTO "audit_entry" VALUES(11,'system',11,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"head"}','df050dfb295705e3ace2f9fb73c404a7ce7f1f619ba760a487b0f41f54173752','0dbde650b88deb217db0a20fd4808bd16fed54ae9d400657bf569abab8deefde');
INSERT INTO "audit_entry" VALUES(12,'system',12,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"head","body":"YL-CIVIL","role":"department_head"}','0dbde650b88deb217db0a20fd4808bd16fed54ae9d400657bf569abab8deefde','d5c964c3a22b5f80a2742af5ba3053ccd6808b6489b5e39b28f6accb18ef1319');
INSERT INTO "audit_entry" VALUES(13,'system',13,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"head2"}','d5c964c3a22b5f80a2742af5ba3053ccd6808b6489b5e39b28f6accb18ef1319','37695910fc1a6ffba388e8f2dc130fb851ed53fba0e1419687bc7c5c29397362');
INSERT INTO "audit_entry" VALUES(14,'system',14,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"head2","body":"YL-CIVIL","role":"department_head"}','37695910fc1a6ffba388e8f2dc130fb851ed53fba0e1419687bc7c5c29397362','5e8edd15dcfb2a6f56bd28dac281bcca606455d9647412358bdc20e069f05732');
INSERT INTO "audit_entry" VALUES(15,'system',15,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"keeper"}','5e8edd15dcfb2a6f56bd28dac281bcca606455d9647412358bdc20e069f05732','8804ea6305b5ca583176f46687b5f60a71b18c33a8a6a32521e5b40bea2b9131');
INSERT INTO "audit_entry" VALUES(16,'system',16,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"keeper","body":"YL-CIVIL","role":"seal_keeper"}','8804ea6305b5ca583176f46687b5f60a71b18c33a8a6a32521e5b40bea2b9131','5042f672996e7e121eb83e35146ea65101e16a3237e7830f832b54d2d2d8734a');
INSERT INTO "audit_entry" VALUES(17,'system',17,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"keeper2"}','5042f672996e7e121eb83e35146ea65101e16a3237e7830f832b54d2d2d8734a','a4eed2d2ea304cfbb0d3afaa9458e9d144fb605a7b2a0ce61e7f89d002685d7f');
INSERT INTO "audit_entry" VALUES(18,'system',18,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"keeper2","body":"YL-CIVIL","role":"seal_keeper"}','a4eed2d2ea304cfbb0d3afaa9458e9d144fb605a7b2a0ce61e7f89d002685d7f','8c4c84cc8a2cd8f548ae40b948e1252e5523a3ae88ccecdd8e3f4ef086adf3ee');
INSERT INTO "audit_entry" VALUES(19,'system',19,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"reviewer"}','8c4c84cc8a2cd8f548ae40b948e1252e5523a3ae88ccecdd8e3f4ef086adf3ee','87e8db0cd819e626712dce974426405b3a42a7ad5047dea37e654563e7bd56dd');
INSERT INTO "audit_entry" VALUES(20,'system',20,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"reviewer","body":"YL-DISTRICT","role":"confidentiality_reviewer"}','87e8db0cd819e626712dce974426405b3a42a7ad5047dea37e654563e7bd56dd','028ff0b3a2868f841a59845b2291fa1661a28854b0003974c6d60fd72e0bceb6');
INSERT INTO "audit_entry" VALUES(21,'system',21,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"reviewer2"}','028ff0b3a2868f841a59845b2291fa1661a28854b0003974c6d60fd72e0bceb6','a5d176d52b82650e3e764c93a8539ec1afe1f41dbfe52c8d546f3885d60305cd');
INSERT INTO "audit_entry" VALUES(22,'system',22,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"reviewer2","body":"YL-CIVIL","role":"confidentiality_reviewer"}','a5d176d52b82650e3e764c93a8539ec1afe1f41dbfe52c8d546f3885d60305cd','e24f49d8265f9517cfcaeefa80865991f39f83e6325237d2acf1542284dbe950');
INSERT INTO "audit_entry" VALUES(23,'system',23,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"final"}','e24f49d8265f9517cfcaeefa80865991f39f83e6325237d2acf1542284dbe950','2221efa1fcb158523ce6a623af824bbb6250a4efe16c979314dd807d9383c9fa');
INSERT INTO "audit_entry" VALUES(24,'system',24,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"final","body":"YL-CENTRE","role":"final_reviewer"}','2221efa1fcb158523ce6a623af824bbb6250a4efe16c979314dd807d9383c9fa','dab962a6ab1e63cc2dfa739dc123bf1826fa63fc56ff8f22ff392615abf4a8ce');
INSERT INTO "audit_entry" VALUES(25,'system',25,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"final2"}','dab962a6ab1e63cc2dfa739dc123bf1826fa63fc56ff8f22ff392615abf4a8ce','5924847a2c9f6d8c81f64fbfbdec75acbeebb9227ffb5fe7215a4b73c40f588a');
INSERT INTO "audit_entry" VALUES(26,'system',26,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"final2","body":"YL-CENTRE","role":"final_reviewer"}','5924847a2c9f6d8c81f64fbfbdec75acbeebb9227ffb5fe7215a4b73c40f588a','dd2d3cced8652c30bf38ea9466f5092e5a53ec4e0426d64909da0ab65e690c29');
INSERT INTO "audit_entry" VALUES(27,'system',27,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"publisher"}','dd2d3cced8652c30bf38ea9466f5092e5a53ec4e0426d64909da0ab65e690c29','9293312cad86ac568a3e307f45c4fce46920135c600b25d19cf3a8ed9cb7800d');
INSERT INTO "audit_entry" VALUES(28,'system',28,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"publisher","body":"YL-CENTRE","role":"publisher"}','9293312cad86ac568a3e307f45c4fce46920135c600b25d19cf3a8ed9cb7800d','af46a2dc0f8d53096498f911b04bd78d78888ddc8042de144835244f90c4c836');
INSERT INTO "audit_entry" VALUES(29,'system',29,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"publisher2"}','af46a2dc0f8d53096498f911b04bd78d78888ddc8042de144835244f90c4c836','21135f97953d30d63c95cec6a94ea97c2f6eee07a24d085974435034a47dad96');
INSERT INTO "audit_entry" VALUES(30,'system',30,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"publisher2","body":"YL-CENTRE","role":"publisher"}','21135f97953d30d63c95cec6a94ea97c2f6eee07a24d085974435034a47dad96','d3b989ddb4f6ebe906bef484699e58976ed04f8864c8bb95054c8881c1da734f');
INSERT INTO "audit_entry" VALUES(31,'system',31,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"receiver"}','d3b989ddb4f6ebe906bef484699e58976ed04f8864c8bb95054c8881c1da734f','3da644e5c7c8c91843ccdd6297743cad42ffcb02b279ca0b5081f76f008af731');
INSERT INTO "audit_entry" VALUES(32,'system',32,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"receiver","body":"YL-LIBRARY","role":"reading_point_clerk"}','3da644e5c7c8c91843ccdd6297743cad42ffcb02b279ca0b5081f76f008af731','19515696f243c3cc3662271f0cdab72dabf28cfa4dfb77788f5ee95e9abb2f72');
INSERT INTO "audit_entry" VALUES(33,'system',33,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"supervisor"}','19515696f243c3cc3662271f0cdab72dabf28cfa4dfb77788f5ee95e9abb2f72','4f2fd0e601024a2bb81a2ce0b3e48843e72fd81780aba5f64595f3a7afdb1102');
INSERT INTO "audit_entry" VALUES(34,'system',34,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"supervisor","body":"YL-ORGANISING","role":"supervisor"}','4f2fd0e601024a2bb81a2ce0b3e48843e72fd81780aba5f64595f3a7afdb1102','a9595ea31b0f2e133b37f22e89c7d7f911ce1958a162298a81454f6fb665261e');
INSERT INTO "audit_entry" VALUES(35,'system',35,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"auditor"}','a9595ea31b0f2e133b37f22e89c7d7f911ce1958a162298a81454f6fb665261e','19fbc6c804e19f8406a0bd07a734b8a02e25248aaa60beacf5ee8150d395ad13');
INSERT INTO "audit_entry" VALUES(36,'system',36,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"auditor","body":"YL-DISTRICT","role":"auditor"}','19fbc6c804e19f8406a0bd07a734b8a02e25248aaa60beacf5ee8150d395ad13','c6d42b662c5cb31ea4a3a1b932eeb277c0b2b8d0558d3749041763612a742e3d');
INSERT INTO "audit_entry" VALUES(37,'system',37,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"admin2"}','c6d42b662c5cb31ea4a3a1b932eeb277c0b2b8d0558d3749041763612a742e3d','0bbe92acd4527d83e54ece954c4043ec79f57d20d7ca6da07abdb200ca06f321');
INSERT INTO "audit_entry" VALUES(38,'system',38,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"admin2","body":"YL-DISTRICT","role":"administrator"}','0bbe92acd4527d83e54ece954c4043ec79f57d20d7ca6da07abdb200ca06f321','11c693eb14f3ba88b30187cc35e33b43fa66f375eab73f09b412620ca38a8f1a');
INSERT INTO "audit_entry" VALUES(39,'system',39,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"outsider"}','11c693eb14f3ba88b30187cc35e33b43fa66f375eab73f09b412620ca38a8f1a','8582f05631cb07cc2815d07f959c4c9f00d3da58047f6a6393527610f2ec6080');
INSERT INTO "audit_entry" VALUES(40,'system',40,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"outsider","body":"YL-FINANCE","role":"clerk"}','8582f05631cb07cc2815d07f959c4c9f00d3da58047f6a6393527610f2ec6080','9a1a04c4b36422e8bfd9048e9e8ba47180dc1aff453172aba594830ae4492ab8');
INSERT INTO "audit_entry" VALUES(41,'system',41,'2017-01-20 01:00:00.000000','account_added','admin',NULL,'test','sample-host','{"account":"outhead"}','9a1a04c4b36422e8bfd9048e9e8ba47180dc1aff453172aba594830ae4492ab8','7b3ce9ac0786809276466d777b696eb8374ac01ed0a0fe2a4fa2fd9e13d3a007');
INSERT INTO "audit_entry" VALUES(42,'system',42,'2017-01-20 01:00:00.000000','role_granted','admin',NULL,'test','sample-host','{"account":"outhead","body":"YL-FINANCE","role":"department_head"}','7b3ce9ac0786809276466d777b696eb8374ac01ed0a0fe2a4fa2fd9e13d3a007','e462954c3ebf4734e5b0c8f05bd896db44eba788c610c069ab52d28b558d2a56');
INSERT INTO "audit_entry" VALUES(43,'item:1',1,'2017-01-20 01:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"384b3874c867f903a87b88aef8cfeb1ce8c03a9794c954e0d951bfe5479fa992","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','7ab413bfe4490b22c44b6f517f6bcbd5f56229e2e57f4cc0dd8aac0e2b07ce14');
INSERT INTO "audit_entry" VALUES(44,'item:2',1,'2017-01-20 02:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"7a6c5f7529ec18654858b5af6926a4202b2e5bb57bc408d601f0cf5800a786bd","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','0eabfacbfa8dd4043ff86476d136f19e6de703f7c4eb68b4be06bedcaf088a62');
INSERT INTO "audit_entry" VALUES(45,'item:2',2,'2017-01-20 02:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"22f487d3559ac7f74df5db72f1368d3cc3cdb4bd8c51299247c3726cb5d06036","from":"draft","index_number":"YL-CIVIL/2017-00001","round":1,"to":"pending:sign_off","version":2}','0eabfacbfa8dd4043ff86476d136f19e6de703f7c4eb68b4be06bedcaf088a62','161bcbc482ee07c2c1e639ec6847703fcf6a8dc611ef3cec161e6b5ea69c9041');
INSERT INTO "audit_entry" VALUES(46,'item:3',1,'2017-01-20 03:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"3fe1f9e6ee57b9a179541551333b466c86f84be93d72eee2ccf4e0f4658462a6","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','474ce2750b483d836befd255bf9af243c22f9c078d9b09f2e5faae999787fc15');
INSERT INTO "audit_entry" VALUES(47,'item:3',2,'2017-01-20 03:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937","from":"draft","index_number":"YL-CIVIL/2017-00002","round":1,"to":"pending:sign_off","version":2}','474ce2750b483d836befd255bf9af243c22f9c078d9b09f2e5faae999787fc15','93078ce178183cbd927eefa3b3e4550a5aed7a923298bac09fef44478716e2d0');
INSERT INTO "audit_entry" VALUES(48,'item:3',3,'2017-01-20 03:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":1,"digest":"ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','93078ce178183cbd927eefa3b3e4550a5aed7a923298bac09fef44478716e2d0','bc3d57081797889ea89863615a293e3c42c45c501b40e85a955bcfb831cdd127');
INSERT INTO "audit_entry" VALUES(49,'item:4',1,'2017-01-20 04:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"a04db4900f494e8038e5790c541677a37caaf92d468494a31bc733baa680a150","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','112644756a74ba80515e3790a6cd0692b92bf51ef1de3ef4cca4aeab29ae5c45');
INSERT INTO "audit_entry" VALUES(50,'item:4',2,'2017-01-20 04:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20","from":"draft","index_number":"YL-CIVIL/2017-00003","round":1,"to":"pending:sign_off","version":2}','112644756a74ba80515e3790a6cd0692b92bf51ef1de3ef4cca4aeab29ae5c45','ea1922d250c606314bbd379543c9a033c301905a4d32ac4cb8f402af5e88f848');
INSERT INTO "audit_entry" VALUES(51,'item:4',3,'2017-01-20 04:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":2,"digest":"d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','ea1922d250c606314bbd379543c9a033c301905a4d32ac4cb8f402af5e88f848','2ba2d2181a36ac5b1035a4d17af6620677bc6edf1c1b458b55f73d1c0a341cba');
INSERT INTO "audit_entry" VALUES(52,'item:4',4,'2017-01-20 04:00:00.000000','sealed','keeper',NULL,'test','sample-host','{"decision":3,"details":"2cfc445e4b4cdcd363c93daa887f7149df06c4ece6cad28ff3163a0e0c9c909b","digest":"d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20","from":"pending:seal","positive":true,"register_number":"2017-0001","stage":"seal","to":"pending:confidentiality_review","version":4}','2ba2d2181a36ac5b1035a4d17af6620677bc6edf1c1b458b55f73d1c0a341cba','bb38799a76595bc2449055b67a7eccfe761fe8e2b8b16a5855b10e5415b020a1');
INSERT INTO "audit_entry" VALUES(53,'item:4',5,'2017-01-20 04:00:00.000000','referred','reviewer',NULL,'test','sample-host','{"decision":4,"details":"dbc46f6f132be2d32e3c55d1183c2955dd197f58d12e915aa7743fbb412a98d7","digest":"d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20","from":"pending:confidentiality_review","positive":false,"remark":"1b43a5a17390e7011115234ea1d5ad66b750dc8f6b9348026d8c70d62626ae81","stage":"confidentiality_review","to":"referred:confidentiality_review","version":5}','bb38799a76595bc2449055b67a7eccfe761fe8e2b8b16a5855b10e5415b020a1','113701eb2489cbd79ea3a17cb2076c7b74686c7596c9d5c2866d4318a7b154f7');
INSERT INTO "audit_entry" VALUES(54,'item:5',1,'2017-01-20 05:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"541c05839b70fd30efe132925a39be23988c9f6315f60eacdc4d8fdba273d4fb","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','a29caa17ed345a1dfb36086957fd9b257c22509fc9ed4981f67dceba6ce0d844');
INSERT INTO "audit_entry" VALUES(55,'item:5',2,'2017-01-20 05:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1","from":"draft","index_number":"YL-CIVIL/2017-00004","round":1,"to":"pending:sign_off","version":2}','a29caa17ed345a1dfb36086957fd9b257c22509fc9ed4981f67dceba6ce0d844','e2abfd192d25d0618d2fac9fbbd07966d292d3f916674b671b07910250d4ab18');
INSERT INTO "audit_entry" VALUES(56,'item:5',3,'2017-01-20 05:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":5,"digest":"ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','e2abfd192d25d0618d2fac9fbbd07966d292d3f916674b671b07910250d4ab18','ca95af390b6ba87637d85d3d27d71afbf5e76a72c3cccfc8061386da778de0ec');
INSERT INTO "audit_entry" VALUES(57,'item:5',4,'2017-01-20 05:00:00.000000','sealed','keeper',NULL,'test','sample-host','{"decision":6,"details":"d151f3ac496561b51047095c1417597af40c28d8fdc2814c3d288a99cd44c33c","digest":"ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1","from":"pending:seal","positive":true,"register_number":"2017-0002","stage":"seal","to":"pending:confidentiality_review","version":4}','ca95af390b6ba87637d85d3d27d71afbf5e76a72c3cccfc8061386da778de0ec','b2141169357add67ad0c5561fd195512b0f75e494b0c9f666ac1ece75444a2f2');
INSERT INTO "audit_entry" VALUES(58,'item:5',5,'2017-01-20 05:00:00.000000','review_disclosed','reviewer',NULL,'test','sample-host','{"decision":7,"details":"dbc46f6f132be2d32e3c55d1183c2955dd197f58d12e915aa7743fbb412a98d7","digest":"ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1","from":"pending:confidentiality_review","positive":true,"stage":"confidentiality_review","to":"pending:final_review","version":5}','b2141169357add67ad0c5561fd195512b0f75e494b0c9f666ac1ece75444a2f2','3f49485cc6b7c15d8c5653fac612d10f6318e3c40ae94626179f37c1f19133eb');
INSERT INTO "audit_entry" VALUES(59,'item:5',6,'2017-01-20 05:00:00.000000','approved','final',NULL,'test','sample-host','{"decision":8,"digest":"ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1","from":"pending:final_review","positive":true,"stage":"final_review","to":"cleared","version":6}','3f49485cc6b7c15d8c5653fac612d10f6318e3c40ae94626179f37c1f19133eb','ebfc17bdde982508938713eb15fc51079069973f6912b3a118428a22bca573a8');
INSERT INTO "audit_entry" VALUES(60,'item:6',1,'2017-01-20 06:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"0fb9a4ad711100dc98c98469a9c05cb568ad7dfac910312ad2749dd7c2c6f418","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','c4b53fd42d0dc31c7fd94aa6fe458450c94ddb9f0122c1fa52d753e2b0906ec7');
INSERT INTO "audit_entry" VALUES(61,'item:6',2,'2017-01-20 06:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"draft","index_number":"YL-CIVIL/2017-00005","round":1,"to":"pending:sign_off","version":2}','c4b53fd42d0dc31c7fd94aa6fe458450c94ddb9f0122c1fa52d753e2b0906ec7','cd8e785fb51425a12c729362b96e912c8ebd5b59372f68aedec8b45d9f668025');
INSERT INTO "audit_entry" VALUES(62,'item:6',3,'2017-01-20 06:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":9,"digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','cd8e785fb51425a12c729362b96e912c8ebd5b59372f68aedec8b45d9f668025','426522a3ab76ca91d8a942fccd13a5ee69fd968ba2f13629c2f1b47d35e6ce44');
INSERT INTO "audit_entry" VALUES(63,'item:6',4,'2017-01-20 06:00:00.000000','sealed','keeper',NULL,'test','sample-host','{"decision":10,"details":"5ee28cefdf91ba558d3a79c11c29b43171be6aee8da95659073dbae99d7a5cf1","digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"pending:seal","positive":true,"register_number":"2017-0003","stage":"seal","to":"pending:confidentiality_review","version":4}','426522a3ab76ca91d8a942fccd13a5ee69fd968ba2f13629c2f1b47d35e6ce44','723979196797c6bd10c061965c5262d7bf1bd053c079b0bfc0c53731943cb0e0');
INSERT INTO "audit_entry" VALUES(64,'item:6',5,'2017-01-20 06:00:00.000000','review_disclosed','reviewer',NULL,'test','sample-host','{"decision":11,"details":"dbc46f6f132be2d32e3c55d1183c2955dd197f58d12e915aa7743fbb412a98d7","digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"pending:confidentiality_review","positive":true,"stage":"confidentiality_review","to":"pending:final_review","version":5}','723979196797c6bd10c061965c5262d7bf1bd053c079b0bfc0c53731943cb0e0','7a0d7f761a91877a36ecd3d034db3419ed8974e192e4103093a394c182e8ffbf');
INSERT INTO "audit_entry" VALUES(65,'item:6',6,'2017-01-20 06:00:00.000000','approved','final',NULL,'test','sample-host','{"decision":12,"digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"pending:final_review","positive":true,"stage":"final_review","to":"cleared","version":6}','7a0d7f761a91877a36ecd3d034db3419ed8974e192e4103093a394c182e8ffbf','3e35c4eb79104e0b5ffc7b7c8d3fdc0a4dadddad51c774e5943c0181612cd2b9');
INSERT INTO "audit_entry" VALUES(66,'item:6',7,'2017-01-20 06:00:00.000000','publication_started','publisher',NULL,'test','sample-host','{"digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"cleared","to":"publishing","version":7}','3e35c4eb79104e0b5ffc7b7c8d3fdc0a4dadddad51c774e5943c0181612cd2b9','ef0ed78c6a9da8ff8a1028cf490c77d3bf2e0e32275748e01befd5f1fdd5ac33');
INSERT INTO "audit_entry" VALUES(67,'item:6',8,'2017-01-20 06:00:00.000000','published','system',NULL,'test','sample-host','{"digest":"4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8","from":"publishing","published_at":"2017-01-20T06:00:00+00:00","to":"published","version":8}','ef0ed78c6a9da8ff8a1028cf490c77d3bf2e0e32275748e01befd5f1fdd5ac33','cd3164ce36666d07e22670be7e534a6710f587ecb0cb5d99169dc0db81d44709');
INSERT INTO "audit_entry" VALUES(68,'item:7',1,'2017-01-20 07:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"3588822f80fb541bc388f915979f6e174dc755d8fd02f01b38bd82b6ecc57660","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','57b0635df17a1622a2307016517b0c13f2f96aebc02919d9b123358f743d73be');
INSERT INTO "audit_entry" VALUES(69,'item:7',2,'2017-01-20 07:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777","from":"draft","index_number":"YL-CIVIL/2017-00006","round":1,"to":"pending:sign_off","version":2}','57b0635df17a1622a2307016517b0c13f2f96aebc02919d9b123358f743d73be','c6b9b52dc550849d469d9724ea370f3ecc547d8dd1b385723c33b317b0281781');
INSERT INTO "audit_entry" VALUES(70,'item:7',3,'2017-01-20 07:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":13,"digest":"2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','c6b9b52dc550849d469d9724ea370f3ecc547d8dd1b385723c33b317b0281781','f3285a495993a8c5cd8daa4461ffd5efda1b5827e71fb131f601858d073ebe90');
INSERT INTO "audit_entry" VALUES(71,'item:7',4,'2017-01-20 07:00:00.000000','sealed','keeper',NULL,'test','sample-host','{"decision":14,"details":"16df6b456b8b798d63d160ef89095d49169849b89ed8ececa184b24df2e6c322","digest":"2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777","from":"pending:seal","positive":true,"register_number":"2017-0004","stage":"seal","to":"pending:confidentiality_review","version":4}','f3285a495993a8c5cd8daa4461ffd5efda1b5827e71fb131f601858d073ebe90','7b5da12ba2a82b18cfc53b4e5773c4c704656aa2bdeb4c61c169e9bc156c26a9');
INSERT INTO "audit_entry" VALUES(72,'item:7',5,'2017-01-20 07:00:00.000000','review_withheld','reviewer',NULL,'test','sample-host','{"basis":"14","decision":15,"details":"dbc46f6f132be2d32e3c55d1183c2955dd197f58d12e915aa7743fbb412a98d7","digest":"2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777","from":"pending:confidentiality_review","ground":"state_secret","outcome":"withheld","positive":true,"reassess_on":"2018-01-20","stage":"confidentiality_review","to":"pending:final_review","version":5}','7b5da12ba2a82b18cfc53b4e5773c4c704656aa2bdeb4c61c169e9bc156c26a9','68fe6e3cc991725c0e7ff4cc5b57c4381f321fe16d8ec33364a579d545dc1f5d');
INSERT INTO "audit_entry" VALUES(73,'item:7',6,'2017-01-20 07:00:00.000000','approved','final',NULL,'test','sample-host','{"decision":16,"digest":"2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777","ended":{"ground":"state_secret","reassess_on":"2018-01-20"},"from":"pending:final_review","positive":true,"stage":"final_review","to":"withheld","version":6}','68fe6e3cc991725c0e7ff4cc5b57c4381f321fe16d8ec33364a579d545dc1f5d','d088b6bb9fe5585808f1be77e2be043e24b59d0e36b2b1f17563e45236bc79af');
INSERT INTO "audit_entry" VALUES(74,'item:8',1,'2017-01-20 08:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"67ae5d4bdc462b4d53a7fe1fbb86eadf3105c99b2db42dfc28605591da1b5c53","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','03bf1b150c7ca637dcdcc17abd518755eed25888fd8a30a83773e69fa791c8de');
INSERT INTO "audit_entry" VALUES(75,'item:8',2,'2017-01-20 08:00:00.000000','abandoned','clerk',NULL,'test','sample-host','{"digest":"67ae5d4bdc462b4d53a7fe1fbb86eadf3105c99b2db42dfc28605591da1b5c53","from":"draft","to":"abandoned","version":2}','03bf1b150c7ca637dcdcc17abd518755eed25888fd8a30a83773e69fa791c8de','a2223320686a8d12272c23e989072d583c7e18d966e25a5244a9b9a4ff0c2cee');
INSERT INTO "audit_entry" VALUES(76,'item:9',1,'2017-01-20 09:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"eb5873f39c2c3d8a107ee1aad0f5375e5f445e7bb224588518f18f6ed756f53f","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','2625ecde5d652f7b47185ce80e0b3efb6526e1a6cca463c3ef9ffec2693bbb17');
INSERT INTO "audit_entry" VALUES(77,'item:9',2,'2017-01-20 09:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"9a51e57d5ad2d9db88e4929d18a5fb470b5a4d281623b50e37bd7bf2e23b77e4","from":"draft","index_number":"YL-CIVIL/2017-00007","round":1,"to":"pending:sign_off","version":2}','2625ecde5d652f7b47185ce80e0b3efb6526e1a6cca463c3ef9ffec2693bbb17','039a92ce37a5352fd908835469b0fc3b7bd17c8e1d0ea262e7e24ba668180bfe');
INSERT INTO "audit_entry" VALUES(78,'item:10',1,'2017-01-20 10:00:00.000000','created','clerk',NULL,'test','sample-host','{"body":"YL-CIVIL","digest":"10911107bff05a637b4c4b5c93635e6d04ebe9b44c9f574596a45f43313b37bf","policy":"97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a","version":1}','0000000000000000000000000000000000000000000000000000000000000000','554f25875845e9c8e9eed91e2bb19af16fe69a0e4738be63fb5c98ea921730ff');
INSERT INTO "audit_entry" VALUES(79,'item:10',2,'2017-01-20 10:00:00.000000','submitted','clerk',NULL,'test','sample-host','{"digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"draft","index_number":"YL-CIVIL/2017-00008","round":1,"to":"pending:sign_off","version":2}','554f25875845e9c8e9eed91e2bb19af16fe69a0e4738be63fb5c98ea921730ff','cd586f664f1b89b26f1755c7740b9b5db7c17e1b4748bbe3203e77785e7fccab');
INSERT INTO "audit_entry" VALUES(80,'item:10',3,'2017-01-20 10:00:00.000000','signed_off','head',NULL,'test','sample-host','{"decision":17,"digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"pending:sign_off","positive":true,"stage":"sign_off","to":"pending:seal","version":3}','cd586f664f1b89b26f1755c7740b9b5db7c17e1b4748bbe3203e77785e7fccab','6254833982e5fe5fac1fb0023d54d3931b07b900858f063ad1db6c3f3c673633');
INSERT INTO "audit_entry" VALUES(81,'item:10',4,'2017-01-20 10:00:00.000000','sealed','keeper',NULL,'test','sample-host','{"decision":18,"details":"d4026b5b0b097430f6cb8745dc52ef76f6459c7dec2d1d4a009dc3123222ad39","digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"pending:seal","positive":true,"register_number":"2017-0005","stage":"seal","to":"pending:confidentiality_review","version":4}','6254833982e5fe5fac1fb0023d54d3931b07b900858f063ad1db6c3f3c673633','86496fc905c97308e042ebeffb7889a22b490c45a801583b8cff3a2e012aa64b');
INSERT INTO "audit_entry" VALUES(82,'item:10',5,'2017-01-20 10:00:00.000000','review_disclosed','reviewer',NULL,'test','sample-host','{"decision":19,"details":"dbc46f6f132be2d32e3c55d1183c2955dd197f58d12e915aa7743fbb412a98d7","digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"pending:confidentiality_review","positive":true,"stage":"confidentiality_review","to":"pending:final_review","version":5}','86496fc905c97308e042ebeffb7889a22b490c45a801583b8cff3a2e012aa64b','23e874c02fff233a12a26483ec4dbaf77e79426934bcbf720ff6e6c103ceafcc');
INSERT INTO "audit_entry" VALUES(83,'item:10',6,'2017-01-20 10:00:00.000000','approved','final',NULL,'test','sample-host','{"decision":20,"digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"pending:final_review","positive":true,"stage":"final_review","to":"cleared","version":6}','23e874c02fff233a12a26483ec4dbaf77e79426934bcbf720ff6e6c103ceafcc','ce8e9987d95726cc0ccf0e5f16941f82d3d78a4c0a8a05c6fe390bc068abb4a2');
INSERT INTO "audit_entry" VALUES(84,'item:10',7,'2017-01-20 10:00:00.000000','publication_started','publisher',NULL,'test','sample-host','{"digest":"8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b","from":"cleared","to":"publishing","version":7}','ce8e9987d95726cc0ccf0e5f16941f82d3d78a4c0a8a05c6fe390bc068abb4a2','6140758b27600b8aa4753b5d1ff4dd04926a19f57b2914b237c21c239b5726c7');
CREATE TABLE blob (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	purged_at DATETIME, 
	CONSTRAINT pk_blob PRIMARY KEY (sha256), 
	CONSTRAINT ck_blob_size CHECK (size >= 0)
);
CREATE TABLE body (
	id INTEGER NOT NULL, 
	code VARCHAR(18) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	sample BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_body PRIMARY KEY (id), 
	CONSTRAINT ck_body_kind CHECK (kind IN ('district', 'department', 'township', 'subdistrict', 'centre', 'group', 'reading_point')), 
	CONSTRAINT uq_body_code UNIQUE (code), 
	CONSTRAINT uq_body_name UNIQUE (name)
);
INSERT INTO "body" VALUES(1,'YL-DISTRICT','东昌区人民政府（样例）','People''s Government of Dongchang District (sample)','district',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(2,'YL-CENTRE','东昌区政府公众信息网络服务中心（样例）','Dongchang Government Public Information Network Service Centre (sample)','centre',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(3,'YL-ORGANISING','东昌区政务公开组织指导组（样例）','Dongchang Organising and Guidance Group (sample)','group',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(4,'YL-INSPECTION','东昌区政务公开检查考核组（样例）','Dongchang Inspection and Assessment Group (sample)','group',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(5,'YL-ACCOUNTABLE','东昌区政务公开责任追究组（样例）','Dongchang Accountability Group (sample)','group',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(6,'YL-OFFICE','东昌区人民政府办公室（样例）','Office of the People''s Government of Dongchang District (sample)','department',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(7,'YL-CIVIL','东昌区民政局（样例）','Dongchang Civil Affairs Bureau (sample)','department',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(8,'YL-FINANCE','东昌区财政局（样例）','Dongchang Finance Bureau (sample)','department',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(9,'YL-TOWNSHIP','东昌区甲镇人民政府（样例）','People''s Government of Jia Town, Dongchang (sample)','township',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(10,'YL-SUBDISTRICT','东昌区甲街道办事处（样例）','Jia Sub-district Office, Dongchang (sample)','subdistrict',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(11,'YL-ARCHIVES','东昌区档案馆公共查阅点（样例）','Public Reading Point at the Dongchang Archives (sample)','reading_point',1,'2017-01-20 01:00:00.000000');
INSERT INTO "body" VALUES(12,'YL-LIBRARY','东昌区图书馆公共查阅点（样例）','Public Reading Point at the Dongchang Library (sample)','reading_point',1,'2017-01-20 01:00:00.000000');
CREATE TABLE counter (
	name VARCHAR(100) NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT pk_counter PRIMARY KEY (name), 
	CONSTRAINT ck_counter_value CHECK (value >= 0)
);
INSERT INTO "counter" VALUES('index:7:2017',8);
INSERT INTO "counter" VALUES('seal:7:2017',5);
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	body_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	round INTEGER NOT NULL, 
	submission INTEGER NOT NULL, 
	stage VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	positive BOOLEAN NOT NULL, 
	actor_id INTEGER NOT NULL, 
	decided_at DATETIME NOT NULL, 
	outcome VARCHAR(40), 
	remark_id INTEGER, 
	reason_code VARCHAR(100), 
	ground VARCHAR(100), 
	basis VARCHAR(300), 
	reassess_on DATE, 
	register_number VARCHAR(100), 
	details TEXT, 
	voided_at DATETIME, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT ck_decision_return_reason CHECK (action <> 'return' OR (remark_id IS NOT NULL AND reason_code IS NOT NULL)), 
	CONSTRAINT ck_decision_seal_register CHECK (kind <> 'seal' OR NOT positive OR register_number IS NOT NULL), 
	CONSTRAINT ck_decision_kind CHECK (kind IN ('opinion', 'sign_off', 'seal', 'confidentiality_review', 'final_review')), 
	CONSTRAINT ck_decision_ground CHECK (outcome IS NULL OR outcome = 'publication' OR ground IS NOT NULL), 
	CONSTRAINT ck_decision_round CHECK (round >= 1), 
	CONSTRAINT fk_decision_actor_id FOREIGN KEY(actor_id) REFERENCES account (id), 
	CONSTRAINT fk_decision_body_id FOREIGN KEY(body_id) REFERENCES body (id), 
	CONSTRAINT fk_decision_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_decision_revision_id FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT fk_decision_remark_id FOREIGN KEY(remark_id) REFERENCES remark (id)
);
INSERT INTO "decision" VALUES(1,3,7,5,'ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 03:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(2,4,7,7,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 04:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(3,4,7,7,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20',1,1,'seal','seal','seal',1,7,'2017-01-20 04:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,'2017-0001','{"seal":{"provider":"register","statement_sha256":"edfc696e328d6b39fee27ff13da0d54399565e4f102c0823c5d9e81b3d5b3e34"}}',NULL);
INSERT INTO "decision" VALUES(4,4,7,7,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20',1,1,'confidentiality_review','confidentiality_review','review_refer',0,9,'2017-01-20 04:00:00.000000',NULL,1,NULL,NULL,NULL,NULL,NULL,'{"checklist":{"aggregation":false,"other_body":false,"personal_privacy":false,"state_secret":false,"three_securities_one_stability":false,"trade_secret":false,"work_secret":false}}',NULL);
INSERT INTO "decision" VALUES(5,5,7,9,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 05:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(6,5,7,9,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1',1,1,'seal','seal','seal',1,7,'2017-01-20 05:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,'2017-0002','{"seal":{"provider":"register","statement_sha256":"15038a3436863fcb3797fa072145ed4e847264c14fcf3fd7b63aa13ac8cefcce"}}',NULL);
INSERT INTO "decision" VALUES(7,5,7,9,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1',1,1,'confidentiality_review','confidentiality_review','review_disclose',1,9,'2017-01-20 05:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"checklist":{"aggregation":false,"other_body":false,"personal_privacy":false,"state_secret":false,"three_securities_one_stability":false,"trade_secret":false,"work_secret":false}}',NULL);
INSERT INTO "decision" VALUES(8,5,7,9,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1',1,1,'final_review','final_review','approve',1,11,'2017-01-20 05:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(9,6,7,11,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 06:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(10,6,7,11,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8',1,1,'seal','seal','seal',1,7,'2017-01-20 06:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,'2017-0003','{"seal":{"provider":"register","statement_sha256":"59ce691f06323e12623fa9bbac1be94fc4667c4ea6b943b54f3e2f1566092eb0"}}',NULL);
INSERT INTO "decision" VALUES(11,6,7,11,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8',1,1,'confidentiality_review','confidentiality_review','review_disclose',1,9,'2017-01-20 06:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"checklist":{"aggregation":false,"other_body":false,"personal_privacy":false,"state_secret":false,"three_securities_one_stability":false,"trade_secret":false,"work_secret":false}}',NULL);
INSERT INTO "decision" VALUES(12,6,7,11,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8',1,1,'final_review','final_review','approve',1,11,'2017-01-20 06:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(13,7,7,13,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 07:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(14,7,7,13,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777',1,1,'seal','seal','seal',1,7,'2017-01-20 07:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,'2017-0004','{"seal":{"provider":"register","statement_sha256":"5d1a95fcdd0b3396e5eb8a7f9c5573555a42924fdc0abaaa1d74b74be909adec"}}',NULL);
INSERT INTO "decision" VALUES(15,7,7,13,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777',1,1,'confidentiality_review','confidentiality_review','review_withhold',1,9,'2017-01-20 07:00:00.000000','withheld',NULL,NULL,'state_secret','14','2018-01-20',NULL,'{"checklist":{"aggregation":false,"other_body":false,"personal_privacy":false,"state_secret":false,"three_securities_one_stability":false,"trade_secret":false,"work_secret":false}}',NULL);
INSERT INTO "decision" VALUES(16,7,7,13,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777',1,1,'final_review','final_review','approve',1,11,'2017-01-20 07:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(17,10,7,18,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b',1,1,'sign_off','sign_off','sign_off',1,5,'2017-01-20 10:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "decision" VALUES(18,10,7,18,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b',1,1,'seal','seal','seal',1,7,'2017-01-20 10:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,'2017-0005','{"seal":{"provider":"register","statement_sha256":"4b6bd05b23a903084206e5d484f0f6c5885e8df15b692bdc3e8ae7fb72dad344"}}',NULL);
INSERT INTO "decision" VALUES(19,10,7,18,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b',1,1,'confidentiality_review','confidentiality_review','review_disclose',1,9,'2017-01-20 10:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"checklist":{"aggregation":false,"other_body":false,"personal_privacy":false,"state_secret":false,"three_securities_one_stability":false,"trade_secret":false,"work_secret":false}}',NULL);
INSERT INTO "decision" VALUES(20,10,7,18,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b',1,1,'final_review','final_review','approve',1,11,'2017-01-20 10:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	item_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at DATETIME NOT NULL, 
	lease VARCHAR(64), 
	leased_until DATETIME, 
	stamp DATETIME, 
	error TEXT, 
	created_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_delivery_lease CHECK ((status = 'leased') = (lease IS NOT NULL AND leased_until IS NOT NULL)), 
	CONSTRAINT ck_delivery_status CHECK (status IN ('owed', 'leased', 'done', 'failed', 'cancelled')), 
	CONSTRAINT ck_delivery_attempts CHECK (attempts >= 0), 
	CONSTRAINT fk_delivery_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_delivery_revision_id FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT uq_delivery_key UNIQUE ("key")
);
INSERT INTO "delivery" VALUES(1,'item:6:7:website',6,11,'website','done',1,'2017-01-20 06:00:00.000000',NULL,NULL,'2017-01-20 06:00:00.000000',NULL,'2017-01-20 06:00:00.000000','2017-01-20 06:00:00.000000');
INSERT INTO "delivery" VALUES(2,'item:10:7:website',10,18,'website','owed',0,'2017-01-20 10:00:00.000000',NULL,NULL,NULL,NULL,'2017-01-20 10:00:00.000000',NULL);
CREATE TABLE item (
	id INTEGER NOT NULL, 
	body_id INTEGER NOT NULL, 
	policy_digest VARCHAR(64) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	stage VARCHAR(40), 
	version INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	submissions INTEGER NOT NULL, 
	reached INTEGER NOT NULL, 
	revision_id INTEGER, 
	digest VARCHAR(64) NOT NULL, 
	body_digest VARCHAR(64) NOT NULL, 
	index_number VARCHAR(100), 
	title VARCHAR(300) NOT NULL, 
	document_number VARCHAR(100), 
	document_key VARCHAR(200), 
	category VARCHAR(100), 
	attribute VARCHAR(40), 
	formed_on DATE, 
	restricted BOOLEAN NOT NULL, 
	ground VARCHAR(100), 
	reassess_on DATE, 
	created_by INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	entered_at DATETIME NOT NULL, 
	published_at DATETIME, 
	trail_seq INTEGER NOT NULL, 
	trail_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_item PRIMARY KEY (id), 
	CONSTRAINT ck_item_stage CHECK ((state IN ('pending', 'referred')) = (stage IS NOT NULL)), 
	CONSTRAINT ck_item_published_at CHECK ((state IN ('published', 'retracted', 'superseded')) = (published_at IS NOT NULL)), 
	CONSTRAINT ck_item_withheld CHECK ((state IN ('withheld', 'on_request_only')) = (ground IS NOT NULL AND reassess_on IS NOT NULL)), 
	CONSTRAINT ck_item_attribute CHECK (attribute IS NULL OR attribute IN ('proactive', 'on_request', 'not_disclosed')), 
	CONSTRAINT ck_item_submitted CHECK (state IN ('draft', 'abandoned') OR (index_number IS NOT NULL AND attribute IS NOT NULL AND formed_on IS NOT NULL AND category IS NOT NULL AND round >= 1)), 
	CONSTRAINT ck_item_state CHECK (state IN ('draft', 'pending', 'referred', 'cleared', 'publishing', 'publication_failed', 'published', 'retracted', 'superseded', 'on_request_only', 'withheld', 'abandoned')), 
	CONSTRAINT ck_item_proactive CHECK (state NOT IN ('cleared', 'publishing', 'publication_failed', 'published') OR attribute = 'proactive'), 
	CONSTRAINT ck_item_counts CHECK (version >= 1 AND round >= 0 AND reached >= -1), 
	CONSTRAINT fk_item_body_id FOREIGN KEY(body_id) REFERENCES body (id), 
	CONSTRAINT fk_item_created_by FOREIGN KEY(created_by) REFERENCES account (id), 
	CONSTRAINT fk_item_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_text (digest), 
	CONSTRAINT fk_item_revision_id FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT uq_item_index_number UNIQUE (index_number)
);
INSERT INTO "item" VALUES(1,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','draft',NULL,1,0,0,-1,1,'384b3874c867f903a87b88aef8cfeb1ce8c03a9794c954e0d951bfe5479fa992','0044687573950ff68c3662498806a5a47429ad616c51693d95d7ba98bb8f3080',NULL,'样例：draft',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 01:00:00.000000',NULL,'2017-01-20 01:00:00.000000',NULL,1,'7ab413bfe4490b22c44b6f517f6bcbd5f56229e2e57f4cc0dd8aac0e2b07ce14');
INSERT INTO "item" VALUES(2,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','pending','sign_off',2,1,1,0,3,'22f487d3559ac7f74df5db72f1368d3cc3cdb4bd8c51299247c3726cb5d06036','a7a6b76dd3f77c2f223983b676d308813e47b4b1da7f301af1c9dcf1f9b5c561','YL-CIVIL/2017-00001','样例：sign_off',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 02:00:00.000000','2017-01-20 02:00:00.000000','2017-01-20 02:00:00.000000',NULL,2,'161bcbc482ee07c2c1e639ec6847703fcf6a8dc611ef3cec161e6b5ea69c9041');
INSERT INTO "item" VALUES(3,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','pending','seal',3,1,1,1,5,'ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937','0c61cb9d937aeb42108fec02f403ec6298f859eda9cc330145c736c5af4b4ede','YL-CIVIL/2017-00002','样例：seal',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 03:00:00.000000','2017-01-20 03:00:00.000000','2017-01-20 03:00:00.000000',NULL,3,'bc3d57081797889ea89863615a293e3c42c45c501b40e85a955bcfb831cdd127');
INSERT INTO "item" VALUES(4,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','referred','confidentiality_review',5,1,1,2,7,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','f31a162427b5f60fe555895b52d1c30b829f60acc5cc6ecc0e1c808c82fa6ec2','YL-CIVIL/2017-00003','样例：referred',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 04:00:00.000000','2017-01-20 04:00:00.000000','2017-01-20 04:00:00.000000',NULL,5,'113701eb2489cbd79ea3a17cb2076c7b74686c7596c9d5c2866d4318a7b154f7');
INSERT INTO "item" VALUES(5,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','cleared',NULL,6,1,1,4,9,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','e1bc7eb2459f72663557515ac7b97863b5e8ff0f4b08a8dce27711378a394840','YL-CIVIL/2017-00004','样例：cleared',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 05:00:00.000000','2017-01-20 05:00:00.000000','2017-01-20 05:00:00.000000',NULL,6,'ebfc17bdde982508938713eb15fc51079069973f6912b3a118428a22bca573a8');
INSERT INTO "item" VALUES(6,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','published',NULL,8,1,1,4,11,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','19884ad50db1c9c7d187b7e3cf58c9b974dafe0b904a64f0101a5de5f670c6ba','YL-CIVIL/2017-00005','样例：published',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 06:00:00.000000','2017-01-20 06:00:00.000000','2017-01-20 06:00:00.000000','2017-01-20 06:00:00.000000',8,'cd3164ce36666d07e22670be7e534a6710f587ecb0cb5d99169dc0db81d44709');
INSERT INTO "item" VALUES(7,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','withheld',NULL,6,1,1,3,13,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','dd843d7d72ba114000b325e204eb7fed20679c9571b6b2401d0b1e43f99af8c0','YL-CIVIL/2017-00006','样例：withheld',NULL,NULL,'annual_report','proactive','2017-01-10',0,'state_secret','2018-01-20',2,'2017-01-20 07:00:00.000000','2017-01-20 07:00:00.000000','2017-01-20 07:00:00.000000',NULL,6,'d088b6bb9fe5585808f1be77e2be043e24b59d0e36b2b1f17563e45236bc79af');
INSERT INTO "item" VALUES(8,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','abandoned',NULL,2,0,0,-1,14,'67ae5d4bdc462b4d53a7fe1fbb86eadf3105c99b2db42dfc28605591da1b5c53','2011b1f1ec1b0005125cd369042bec8d346b3d7e83e40c7d9c305bc43b235d95',NULL,'样例：abandoned',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 08:00:00.000000',NULL,'2017-01-20 08:00:00.000000',NULL,2,'a2223320686a8d12272c23e989072d583c7e18d966e25a5244a9b9a4ff0c2cee');
INSERT INTO "item" VALUES(9,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','pending','sign_off',2,1,1,0,16,'9a51e57d5ad2d9db88e4929d18a5fb470b5a4d281623b50e37bd7bf2e23b77e4','6b2b1d4239c5c0fe7f47ad70c82b0a9a3f89e14c73d412a1b333c41eaaae4da0','YL-CIVIL/2017-00007','样例：on_request',NULL,NULL,'annual_report','on_request','2017-01-10',0,NULL,NULL,2,'2017-01-20 09:00:00.000000','2017-01-20 09:00:00.000000','2017-01-20 09:00:00.000000',NULL,2,'039a92ce37a5352fd908835469b0fc3b7bd17c8e1d0ea262e7e24ba668180bfe');
INSERT INTO "item" VALUES(10,7,'97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','publishing',NULL,7,1,1,4,18,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','93266a01b15748d1d748a358811d0052a0880644df57a1f489afb06673cc54c7','YL-CIVIL/2017-00008','样例：publishing',NULL,NULL,'annual_report','proactive','2017-01-10',0,NULL,NULL,2,'2017-01-20 10:00:00.000000','2017-01-20 10:00:00.000000','2017-01-20 10:00:00.000000',NULL,7,'6140758b27600b8aa4753b5d1ff4dd04926a19f57b2914b237c21c239b5726c7');
CREATE TABLE item_author (
	item_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	CONSTRAINT pk_item_author PRIMARY KEY (item_id, account_id), 
	CONSTRAINT fk_item_author_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_item_author_item_id FOREIGN KEY(item_id) REFERENCES item (id)
);
INSERT INTO "item_author" VALUES(1,2);
INSERT INTO "item_author" VALUES(2,2);
INSERT INTO "item_author" VALUES(3,2);
INSERT INTO "item_author" VALUES(4,2);
INSERT INTO "item_author" VALUES(5,2);
INSERT INTO "item_author" VALUES(6,2);
INSERT INTO "item_author" VALUES(7,2);
INSERT INTO "item_author" VALUES(8,2);
INSERT INTO "item_author" VALUES(9,2);
INSERT INTO "item_author" VALUES(10,2);
CREATE TABLE item_reader (
	item_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	CONSTRAINT pk_item_reader PRIMARY KEY (item_id, account_id), 
	CONSTRAINT fk_item_reader_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_item_reader_item_id FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE TABLE office (
	id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	sample BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	policy_digest VARCHAR(64), 
	trail_seq INTEGER NOT NULL, 
	trail_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_office PRIMARY KEY (id), 
	CONSTRAINT ck_office_one_row CHECK (id = 1), 
	CONSTRAINT fk_office_policy_digest FOREIGN KEY(policy_digest) REFERENCES policy_text (digest)
);
INSERT INTO "office" VALUES(1,'东昌区政府信息公开机构（样例）',1,1,'2017-01-20 01:00:00.000000','97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a',42,'e462954c3ebf4734e5b0c8f05bd896db44eba788c610c069ab52d28b558d2a56');
CREATE TABLE policy_text (
	digest VARCHAR(64) NOT NULL, 
	code VARCHAR(100) NOT NULL, 
	version INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	loaded_at DATETIME NOT NULL, 
	CONSTRAINT pk_policy_text PRIMARY KEY (digest)
);
INSERT INTO "policy_text" VALUES('97e0df613d05e704f8519e2ad9693c7dedca538f2d998bc10df5ee225785fb5a','dongchang',1,'{"catalogue":[{"basis_2008":"31","basis_2019":"49","code":"annual_report","en":"Annual report on information disclosure","genre":"报告","theme":"综合政务\\政务公开","zh":"政府信息公开工作年度报告"},{"basis_2008":"19","basis_2019":"12","code":"disclosure_guide","en":"Disclosure guide and catalogue","theme":"综合政务\\政务公开","zh":"政府信息公开指南和目录"},{"basis_2008":"9(3)","basis_2019":"20(2)","code":"institution","en":"Institution, functions and procedures","theme":"综合政务\\其他","zh":"机构职能、设置和办事程序"},{"basis_2008":"10","basis_2019":"20(1)","code":"normative_document","en":"Normative documents","theme":"综合政务\\其他","zh":"规范性文件"},{"basis_2008":"10","basis_2019":"20(3)","code":"development_plan","en":"Development and special plans and policies","theme":"国民经济管理、国有资产监管\\宏观经济","zh":"发展规划、专项规划及相关政策"},{"basis_2008":"10","basis_2019":"20(4)","code":"statistics","en":"Statistics","theme":"国民经济管理、国有资产监管\\统计","zh":"国民经济和社会发展统计信息"},{"basis_2008":"10","basis_2019":"20(7)","code":"budget_and_accounts","en":"Budgets and final accounts","theme":"财政、金融、审计\\财政","zh":"财政预算、决算"},{"basis_2008":"10","basis_2019":"20(8)","code":"administrative_fees","en":"Administrative fees","theme":"国民经济管理、国有资产监管\\物价","zh":"行政事业性收费项目、依据和标准"},{"basis_2008":"10","basis_2019":"20(9)","code":"government_procurement","en":"Government procurement","theme":"财政、金融、审计\\财政","zh":"政府集中采购"},{"basis_2008":"10","basis_2019":"20(5)","code":"administrative_licence","en":"Licences and their results","theme":"综合政务\\其他","zh":"行政许可事项和办理结果"},{"basis_2008":"9(1)","basis_2019":"20(6)","code":"administrative_penalty","en":"Penalties and coercive measures","theme":"市场监管、安全生产监管\\其他","zh":"行政处罚、行政强制"},{"basis_2008":"10","basis_2019":"20(10)","code":"major_project","en":"Major construction projects","theme":"国民经济管理、国有资产监管\\重大建设项目","zh":"重大建设项目"},{"basis_2008":"10","basis_2019":"20(11)","code":"poverty_relief","en":"Poverty relief","theme":"民政、扶贫、救灾\\扶贫","zh":"扶贫"},{"basis_2008":"10","basis_2019":"20(11)","code":"education","en":"Education","theme":"科技、教育\\教育","zh":"教育"},{"basis_2008":"10","basis_2019":"20(11)","code":"health_care","en":"Health care","theme":"卫生、体育\\卫生","zh":"医疗卫生"},{"basis_2008":"10","basis_2019":"20(11)","code":"social_security","en":"Social security","theme":"劳动、人事、监察\\社会保障","zh":"社会保障"},{"basis_2008":"10","basis_2019":"20(11)","code":"employment","en":"Employment","theme":"劳动、人事、监察\\劳动就业","zh":"促进就业"},{"basis_2008":"11","basis_2019":"21","code":"social_assistance","en":"Social assistance, special care and donations","theme":"民政、扶贫、救灾\\其他","zh":"社会救助、优抚和捐赠款物"},{"basis_2008":"10","basis_2019":"20(12)","code":"emergency_management","en":"Emergency plans, warnings and response","theme":"综合政务\\应急管理","zh":"突发事件应急预案、预警和应对"},{"basis_2008":"10","basis_2019":"20(13)","code":"environmental_protection","en":"Environmental protection inspections","theme":"城乡建设、环境保护\\环境监测、保护与治理","zh":"环境保护监督检查"},{"basis_2008":"10","basis_2019":"20(13)","code":"work_safety","en":"Work-safety inspections","theme":"市场监管、安全生产监管\\安全生产监管","zh":"安全生产监督检查"},{"basis_2008":"10","basis_2019":"20(13)","code":"food_and_drugs","en":"Food, drug and product-quality inspections","theme":"市场监管、安全生产监管\\食品药品监管","zh":"食品药品和产品质量监督检查"},{"basis_2008":"11","basis_2019":"21","code":"urban_construction","en":"Urban and rural construction, housing","theme":"城乡建设、环境保护\\城乡建设（含住房）","zh":"城乡建设和管理、住房保障"},{"basis_2008":"11","basis_2019":"21","code":"land_expropriation","en":"Expropriation of land and houses, compensation","theme":"国土资源、能源\\土地","zh":"土地和房屋征收、补偿"},{"basis_2008":"12","basis_2019":"21","code":"township_affairs","en":"Township and rural affairs","theme":"农业、林业、水利\\农业、畜牧业、渔业","zh":"乡镇涉农事务"},{"basis_2008":"9(2)","basis_2019":"20(14)","code":"personnel","en":"Recruitment and appointments","theme":"劳动、人事、监察\\人事工作","zh":"公务员招考和人事任免"},{"basis_2008":"9(2)","basis_2019":"19","code":"motions_and_proposals","en":"Motions and proposals, and what came of them","theme":"综合政务\\其他","zh":"人大代表议案建议和政协提案办理结果"}],"code":"dongchang","decisions":{"edit_voids":"all","on_unchanged":"keep"},"format":1,"grounds":[{"article_2008":"14","article_2019":"14","attributes":["not_disclosed"],"code":"state_secret","en":"State secret, determined by law","zh":"依法确定为国家秘密"},{"article_2008":"","article_2019":"14","attributes":["not_disclosed"],"code":"prohibited_by_law","en":"Disclosure forbidden by a law or an administrative regulation","zh":"法律、行政法规禁止公开"},{"article_2008":"8","article_2019":"14","attributes":["not_disclosed"],"code":"three_securities_one_stability","en":"Disclosure may endanger national, public or economic security, or social stability","zh":"公开后可能危及国家安全、公共安全、经济安全、社会稳定"},{"article_2008":"14","article_2019":"15","attributes":["on_request","not_disclosed"],"code":"trade_secret","en":"Trade secret of a third party, whose lawful rights disclosure would harm","zh":"涉及商业秘密，公开会损害第三方合法权益"},{"article_2008":"14","article_2019":"15","attributes":["on_request","not_disclosed"],"code":"personal_privacy","en":"Personal privacy of a third party, whose lawful rights disclosure would harm","zh":"涉及个人隐私，公开会损害第三方合法权益"},{"article_2008":"","article_2019":"16.1","attributes":["on_request","not_disclosed"],"code":"internal_affairs","en":"Internal affairs: personnel, logistics, internal procedure","zh":"内部事务信息：人事管理、后勤管理、内部工作流程"},{"article_2008":"","article_2019":"16.2","attributes":["on_request","not_disclosed"],"code":"process_information","en":"Process information: records of discussion, drafts, consultations, requests and reports","zh":"过程性信息：讨论记录、过程稿、磋商信函、请示报告"},{"article_2008":"","article_2019":"16.2","attributes":["on_request","not_disclosed"],"code":"enforcement_case_file","en":"File of an enforcement case","zh":"行政执法案卷信息"},{"article_2008":"","article_2019":"36(7)","attributes":["on_request"],"code":"administrative_query","en":"Registers for which other law rules who may look in","zh":"属于行政查询事项（工商、不动产登记资料等另有查询规定）"},{"article_2008":"","article_2019":"","attributes":[],"code":"work_secret","en":"Work secret: no ground of the Regulations; name the ground or the law that stands behind it","zh":"工作秘密（条例未列为理由，须另引内部事务、过程性信息或者禁止公开的规定）"}],"index_number":{"template":"{body}/{year}-{serial:05d}"},"legal_basis":"《中华人民共和国政府信息公开条例》（2007年国务院令第492号第十四条；2019年国务院令第711号第十七条）；《中华人民共和国保守国家秘密法实施条例》（2024年）第四十二条：先审查、后公开，逐项进行保密审查；《2016年东昌区政府信息公开工作年度报告》第一部分第（二）项第4点：经部门领导审核签字并加盖部门公章后统一报送，进行终审并发布。","publication":{"attempts":5,"channels":["website"]},"return_codes":[{"code":"wording","en":"Wording","zh":"文字表述有误"},{"code":"formatting","en":"Formatting","zh":"格式不合要求"},{"code":"factual_error","en":"Factual error or wrong figures","zh":"事实或者数据有误"},{"code":"missing_attachment","en":"Attachment missing or wrong","zh":"缺少附件或者附件有误"},{"code":"wrong_attribute","en":"Wrong disclosure attribute or ground","zh":"公开属性或者理由不当"},{"code":"wrong_category","en":"Wrong catalogue item","zh":"目录分类不当"},{"code":"personal_data","en":"Personal data to be removed first","zh":"含有个人信息，须先作处理"},{"code":"secrecy_doubt","en":"Doubt about secrecy, to be settled first","zh":"是否涉密存疑，须先行核实"},{"code":"needs_consultation","en":"Concerns another body, to be consulted first","zh":"涉及其他机关，须先协调一致"},{"code":"duplicate","en":"Repeats an existing item","zh":"与已有信息重复"},{"code":"other","en":"Other, as explained","zh":"其他（请说明）"}],"review":{"checklist":[{"code":"state_secret","en":"Does it touch a state secret, attachments, quotations and forwarded text included?","zh":"是否涉及国家秘密（包括附件、引用和转发的内容）？"},{"code":"work_secret","en":"Does it touch a work secret?","zh":"是否涉及工作秘密？"},{"code":"trade_secret","en":"Does it touch a third party''s trade secret?","zh":"是否涉及第三方的商业秘密？"},{"code":"personal_privacy","en":"Does it hold private data: identity numbers, telephones, accounts, addresses, illnesses?","zh":"是否含有个人隐私（身份证件号、电话、账号、住址、病情等）？"},{"code":"three_securities_one_stability","en":"Could disclosure endanger national, public or economic security, or social stability?","zh":"公开后是否可能危及国家安全、公共安全、经济安全、社会稳定？"},{"code":"other_body","en":"Does it concern another body that has not yet confirmed it or agreed to it?","zh":"是否涉及其他行政机关、尚未经其确认或者同意？"},{"code":"aggregation","en":"Put together with what is public already, could it reveal what must not be disclosed?","zh":"与已公开的信息汇总后，是否可能推知不应公开的内容？"}],"reassess_after_months":12},"stages":[{"kind":"sign_off","name":"sign_off","role":"department_head","title":{"en":"Department head''s sign-off","zh":"部门领导审核签字"}},{"kind":"seal","name":"seal","role":"seal_keeper","title":{"en":"Department''s seal","zh":"加盖部门公章"}},{"kind":"confidentiality_review","name":"confidentiality_review","role":"confidentiality_reviewer","title":{"en":"Confidentiality review","zh":"保密审查"}},{"kind":"final_review","name":"final_review","role":"final_reviewer","title":{"en":"Final review","zh":"终审"}}],"title":{"en":"Dongchang''s order of publication","zh":"东昌区发布流程"},"version":1}','2017-01-20 01:00:00.000000');
CREATE TABLE published_count (
	body_id INTEGER NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_published_count PRIMARY KEY (body_id, month), 
	CONSTRAINT ck_published_count_count CHECK (count >= 1), 
	CONSTRAINT fk_published_count_body_id FOREIGN KEY(body_id) REFERENCES body (id)
);
INSERT INTO "published_count" VALUES(7,'2017-01',1);
CREATE TABLE purge (
	id INTEGER NOT NULL, 
	target_kind VARCHAR(20) NOT NULL, 
	target VARCHAR(64) NOT NULL, 
	ground VARCHAR(100) NOT NULL, 
	remark_id INTEGER NOT NULL, 
	requested_by INTEGER NOT NULL, 
	requested_at DATETIME NOT NULL, 
	confirmed_by INTEGER, 
	confirmed_at DATETIME, 
	CONSTRAINT pk_purge PRIMARY KEY (id), 
	CONSTRAINT ck_purge_target_kind CHECK (target_kind IN ('revision', 'attachment', 'remark')), 
	CONSTRAINT ck_purge_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)), 
	CONSTRAINT ck_purge_two_people CHECK (confirmed_by IS NULL OR confirmed_by <> requested_by), 
	CONSTRAINT fk_purge_confirmed_by FOREIGN KEY(confirmed_by) REFERENCES account (id), 
	CONSTRAINT fk_purge_remark_id FOREIGN KEY(remark_id) REFERENCES remark (id), 
	CONSTRAINT fk_purge_requested_by FOREIGN KEY(requested_by) REFERENCES account (id)
);
CREATE TABLE remark (
	id INTEGER NOT NULL, 
	item_id INTEGER, 
	digest VARCHAR(64) NOT NULL, 
	canonical TEXT, 
	said_by INTEGER NOT NULL, 
	said_at DATETIME NOT NULL, 
	purged_at DATETIME, 
	CONSTRAINT pk_remark PRIMARY KEY (id), 
	CONSTRAINT ck_remark_purged CHECK ((canonical IS NULL) = (purged_at IS NOT NULL)), 
	CONSTRAINT fk_remark_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_remark_said_by FOREIGN KEY(said_by) REFERENCES account (id), 
	CONSTRAINT uq_remark_digest UNIQUE (digest)
);
INSERT INTO "remark" VALUES(1,4,'1b43a5a17390e7011115234ea1d5ad66b750dc8f6b9348026d8c70d62626ae81','{"_salt":"0657fc32bb1fe371b8efd157db3174ca","addressee":"样例局","question":"样例问题"}',9,'2017-01-20 04:00:00.000000',NULL);
CREATE TABLE request (
	account_id INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	answer TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_request PRIMARY KEY (account_id, "key"), 
	CONSTRAINT fk_request_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE TABLE revision (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	canonical TEXT, 
	redacts_id INTEGER, 
	created_by INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	purged_at DATETIME, 
	purge_id INTEGER, 
	CONSTRAINT pk_revision PRIMARY KEY (id), 
	CONSTRAINT ck_revision_purged CHECK ((canonical IS NULL) = (purged_at IS NOT NULL) AND (canonical IS NULL) = (purge_id IS NOT NULL)), 
	CONSTRAINT ck_revision_number CHECK (number >= 1), 
	CONSTRAINT fk_revision_created_by FOREIGN KEY(created_by) REFERENCES account (id), 
	CONSTRAINT fk_revision_item_id FOREIGN KEY(item_id) REFERENCES item (id), 
	CONSTRAINT fk_revision_purge_id FOREIGN KEY(purge_id) REFERENCES purge (id), 
	CONSTRAINT fk_revision_redacts_id FOREIGN KEY(redacts_id) REFERENCES decision (id), 
	CONSTRAINT uq_revision_item_id_number UNIQUE (item_id, number)
);
INSERT INTO "revision" VALUES(1,1,1,'384b3874c867f903a87b88aef8cfeb1ce8c03a9794c954e0d951bfe5479fa992','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第1号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：draft"}',NULL,2,'2017-01-20 01:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(2,2,1,'7a6c5f7529ec18654858b5af6926a4202b2e5bb57bc408d601f0cf5800a786bd','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第2号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：sign_off"}',NULL,2,'2017-01-20 02:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(3,2,2,'22f487d3559ac7f74df5db72f1368d3cc3cdb4bd8c51299247c3726cb5d06036','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第2号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00001","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：sign_off"}',NULL,2,'2017-01-20 02:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(4,3,1,'3fe1f9e6ee57b9a179541551333b466c86f84be93d72eee2ccf4e0f4658462a6','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第3号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：seal"}',NULL,2,'2017-01-20 03:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(5,3,2,'ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第3号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00002","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：seal"}',NULL,2,'2017-01-20 03:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(6,4,1,'a04db4900f494e8038e5790c541677a37caaf92d468494a31bc733baa680a150','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第4号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：referred"}',NULL,2,'2017-01-20 04:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(7,4,2,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第4号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00003","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：referred"}',NULL,2,'2017-01-20 04:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(8,5,1,'541c05839b70fd30efe132925a39be23988c9f6315f60eacdc4d8fdba273d4fb','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第5号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：cleared"}',NULL,2,'2017-01-20 05:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(9,5,2,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第5号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00004","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：cleared"}',NULL,2,'2017-01-20 05:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(10,6,1,'0fb9a4ad711100dc98c98469a9c05cb568ad7dfac910312ad2749dd7c2c6f418','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第6号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：published"}',NULL,2,'2017-01-20 06:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(11,6,2,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第6号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00005","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：published"}',NULL,2,'2017-01-20 06:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(12,7,1,'3588822f80fb541bc388f915979f6e174dc755d8fd02f01b38bd82b6ecc57660','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第7号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：withheld"}',NULL,2,'2017-01-20 07:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(13,7,2,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第7号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00006","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：withheld"}',NULL,2,'2017-01-20 07:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(14,8,1,'67ae5d4bdc462b4d53a7fe1fbb86eadf3105c99b2db42dfc28605591da1b5c53','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第8号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：abandoned"}',NULL,2,'2017-01-20 08:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(15,9,1,'eb5873f39c2c3d8a107ee1aad0f5375e5f445e7bb224588518f18f6ed756f53f','{"attachments":[],"attribute":"on_request","attribute_reason":"样例理由","body":"样例正文，第9号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":"internal_affairs","index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：on_request"}',NULL,2,'2017-01-20 09:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(16,9,2,'9a51e57d5ad2d9db88e4929d18a5fb470b5a4d281623b50e37bd7bf2e23b77e4','{"attachments":[],"attribute":"on_request","attribute_reason":"样例理由","body":"样例正文，第9号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":"internal_affairs","index_number":"YL-CIVIL/2017-00007","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：on_request"}',NULL,2,'2017-01-20 09:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(17,10,1,'10911107bff05a637b4c4b5c93635e6d04ebe9b44c9f574596a45f43313b37bf','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第10号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":null,"keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：publishing"}',NULL,2,'2017-01-20 10:00:00.000000',NULL,NULL);
INSERT INTO "revision" VALUES(18,10,2,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','{"attachments":[],"attribute":"proactive","attribute_reason":null,"body":"样例正文，第10号。\n","body_format":"markdown","category":"annual_report","channels":["website"],"document_number":null,"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":"2017-01-10","formed_on_basis":"signature","genre":"报告","ground":null,"index_number":"YL-CIVIL/2017-00008","keywords":[],"normative":false,"publishing_body":"东昌区民政局（样例）","summary":null,"theme":"综合政务\\政务公开","title":"样例：publishing"}',NULL,2,'2017-01-20 10:00:00.000000',NULL,NULL);
CREATE TABLE revision_attachment (
	revision_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_revision_attachment PRIMARY KEY (revision_id, position), 
	CONSTRAINT fk_revision_attachment_revision_id FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT fk_revision_attachment_sha256 FOREIGN KEY(sha256) REFERENCES blob (sha256)
);
CREATE TABLE role_grant (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	body_id INTEGER NOT NULL, 
	granted_by INTEGER, 
	granted_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_role_grant PRIMARY KEY (id), 
	CONSTRAINT fk_role_grant_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_role_grant_body_id FOREIGN KEY(body_id) REFERENCES body (id), 
	CONSTRAINT fk_role_grant_granted_by FOREIGN KEY(granted_by) REFERENCES account (id)
);
INSERT INTO "role_grant" VALUES(1,1,'administrator',1,NULL,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(2,2,'clerk',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(3,3,'clerk',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(4,4,'deputy_head',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(5,5,'department_head',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(6,6,'department_head',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(7,7,'seal_keeper',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(8,8,'seal_keeper',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(9,9,'confidentiality_reviewer',1,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(10,10,'confidentiality_reviewer',7,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(11,11,'final_reviewer',2,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(12,12,'final_reviewer',2,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(13,13,'publisher',2,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(14,14,'publisher',2,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(15,15,'reading_point_clerk',12,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(16,16,'supervisor',3,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(17,17,'auditor',1,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(18,18,'administrator',1,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(19,19,'clerk',8,1,'2017-01-20 01:00:00.000000',NULL);
INSERT INTO "role_grant" VALUES(20,20,'department_head',8,1,'2017-01-20 01:00:00.000000',NULL);
CREATE TABLE screening_stub (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	body_id INTEGER, 
	name_digest VARCHAR(64) NOT NULL, 
	part VARCHAR(20) NOT NULL, 
	mark VARCHAR(40) NOT NULL, 
	line INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_screening_stub PRIMARY KEY (id), 
	CONSTRAINT fk_screening_stub_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_screening_stub_body_id FOREIGN KEY(body_id) REFERENCES body (id)
);
CREATE TABLE sighting (
	account_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_sighting PRIMARY KEY (account_id, item_id), 
	CONSTRAINT fk_sighting_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT fk_sighting_item_id FOREIGN KEY(item_id) REFERENCES item (id)
);
INSERT INTO "sighting" VALUES(2,1,1,'384b3874c867f903a87b88aef8cfeb1ce8c03a9794c954e0d951bfe5479fa992','2017-01-20 01:00:00.000000');
INSERT INTO "sighting" VALUES(2,2,2,'22f487d3559ac7f74df5db72f1368d3cc3cdb4bd8c51299247c3726cb5d06036','2017-01-20 02:00:00.000000');
INSERT INTO "sighting" VALUES(2,3,2,'ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937','2017-01-20 03:00:00.000000');
INSERT INTO "sighting" VALUES(5,3,3,'ad1d12b5e3a2e88cad9d410be87e162d410f75e4b40fb24169584bdd6df78937','2017-01-20 03:00:00.000000');
INSERT INTO "sighting" VALUES(2,4,2,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','2017-01-20 04:00:00.000000');
INSERT INTO "sighting" VALUES(5,4,3,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','2017-01-20 04:00:00.000000');
INSERT INTO "sighting" VALUES(7,4,4,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','2017-01-20 04:00:00.000000');
INSERT INTO "sighting" VALUES(9,4,5,'d791ec6311f3db171f7bc6b1dde7829d9c124ba618a2896c80bcd4f8293d0e20','2017-01-20 04:00:00.000000');
INSERT INTO "sighting" VALUES(2,5,2,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','2017-01-20 05:00:00.000000');
INSERT INTO "sighting" VALUES(5,5,3,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','2017-01-20 05:00:00.000000');
INSERT INTO "sighting" VALUES(7,5,4,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','2017-01-20 05:00:00.000000');
INSERT INTO "sighting" VALUES(9,5,5,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','2017-01-20 05:00:00.000000');
INSERT INTO "sighting" VALUES(11,5,6,'ed68dd222ca73cd3bef256bf10218ec4dfa381b23cbcb1cf675e5b381a230fa1','2017-01-20 05:00:00.000000');
INSERT INTO "sighting" VALUES(2,6,2,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(5,6,3,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(7,6,4,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(9,6,5,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(11,6,6,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(13,6,7,'4ca0b70482213d4ba1f513faa164e4294c70970323ae060e1e525e9569c097e8','2017-01-20 06:00:00.000000');
INSERT INTO "sighting" VALUES(2,7,2,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','2017-01-20 07:00:00.000000');
INSERT INTO "sighting" VALUES(5,7,3,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','2017-01-20 07:00:00.000000');
INSERT INTO "sighting" VALUES(7,7,4,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','2017-01-20 07:00:00.000000');
INSERT INTO "sighting" VALUES(9,7,5,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','2017-01-20 07:00:00.000000');
INSERT INTO "sighting" VALUES(11,7,6,'2bfb16387a282235ca3ccf2e21f23b10cc78a20371d81a07f34b7edb4640f777','2017-01-20 07:00:00.000000');
INSERT INTO "sighting" VALUES(2,8,2,'67ae5d4bdc462b4d53a7fe1fbb86eadf3105c99b2db42dfc28605591da1b5c53','2017-01-20 08:00:00.000000');
INSERT INTO "sighting" VALUES(2,9,2,'9a51e57d5ad2d9db88e4929d18a5fb470b5a4d281623b50e37bd7bf2e23b77e4','2017-01-20 09:00:00.000000');
INSERT INTO "sighting" VALUES(2,10,2,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
INSERT INTO "sighting" VALUES(5,10,3,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
INSERT INTO "sighting" VALUES(7,10,4,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
INSERT INTO "sighting" VALUES(9,10,5,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
INSERT INTO "sighting" VALUES(11,10,6,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
INSERT INTO "sighting" VALUES(13,10,7,'8b3068a1f4c21b1a5d278ad6fafee7bfc2756b64d061fc28da6cfca43bc5cf1b','2017-01-20 10:00:00.000000');
CREATE TABLE token (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_token PRIMARY KEY (id), 
	CONSTRAINT ck_token_expires CHECK (expires_at > created_at), 
	CONSTRAINT fk_token_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT uq_token_hash UNIQUE (hash)
);
CREATE UNIQUE INDEX uq_body_one_centre ON body (kind) WHERE kind = 'centre';
CREATE UNIQUE INDEX uq_body_one_district ON body (kind) WHERE kind = 'district';
CREATE INDEX ix_item_body_digest ON item (body_digest);
CREATE INDEX ix_item_body_state ON item (body_id, state, stage);
CREATE INDEX ix_item_document_key ON item (document_key);
CREATE INDEX ix_item_open ON item (stage, id) WHERE state IN ('pending', 'referred');
CREATE INDEX ix_item_published ON item (published_at, id) WHERE state = 'published';
CREATE INDEX ix_item_published_by_body ON item (body_id, published_at, id) WHERE state = 'published';
CREATE INDEX ix_item_to_publish ON item (state, id) WHERE state IN ('cleared', 'publishing', 'publication_failed');
CREATE INDEX ix_role_grant_body_id ON role_grant (body_id);
CREATE UNIQUE INDEX uq_role_grant_active ON role_grant (account_id, role, body_id) WHERE revoked_at IS NULL;
CREATE INDEX ix_token_account_id ON token (account_id);
CREATE INDEX ix_remark_item_id ON remark (item_id);
CREATE UNIQUE INDEX uq_purge_open ON purge (target) WHERE confirmed_at IS NULL;
CREATE INDEX ix_revision_digest ON revision (digest);
CREATE INDEX ix_decision_item_round ON decision (item_id, round);
CREATE UNIQUE INDEX uq_decision_one_stage_each ON decision (item_id, round, actor_id) WHERE positive AND voided_at IS NULL;
CREATE UNIQUE INDEX uq_decision_register_number ON decision (body_id, register_number);
CREATE UNIQUE INDEX uq_decision_stage_held ON decision (item_id, stage) WHERE positive AND voided_at IS NULL;
CREATE INDEX ix_delivery_due ON delivery (next_at, id) WHERE status IN ('owed', 'leased');
CREATE INDEX ix_delivery_item_id ON delivery (item_id);
CREATE UNIQUE INDEX uq_delivery_open ON delivery (item_id, channel) WHERE status IN ('owed', 'leased');
CREATE INDEX ix_revision_attachment_sha256 ON revision_attachment (sha256);
CREATE TRIGGER account_no_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'account is append-only: account_no_delete'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only: audit_entry_no_delete'); END;
CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'counter is append-only: counter_no_delete'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision is append-only: decision_no_delete'); END;
CREATE TRIGGER item_no_delete BEFORE DELETE ON item BEGIN SELECT RAISE(ABORT, 'item is append-only: item_no_delete'); END;
CREATE TRIGGER item_author_no_delete BEFORE DELETE ON item_author BEGIN SELECT RAISE(ABORT, 'item_author is append-only: item_author_no_delete'); END;
CREATE TRIGGER item_reader_no_delete BEFORE DELETE ON item_reader BEGIN SELECT RAISE(ABORT, 'item_reader is append-only: item_reader_no_delete'); END;
CREATE TRIGGER office_no_delete BEFORE DELETE ON office BEGIN SELECT RAISE(ABORT, 'office is append-only: office_no_delete'); END;
CREATE TRIGGER policy_text_no_delete BEFORE DELETE ON policy_text BEGIN SELECT RAISE(ABORT, 'policy_text is append-only: policy_text_no_delete'); END;
CREATE TRIGGER remark_no_delete BEFORE DELETE ON remark BEGIN SELECT RAISE(ABORT, 'remark is append-only: remark_no_delete'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'revision is append-only: revision_no_delete'); END;
CREATE TRIGGER revision_attachment_no_delete BEFORE DELETE ON revision_attachment BEGIN SELECT RAISE(ABORT, 'revision_attachment is append-only: revision_attachment_no_delete'); END;
CREATE TRIGGER role_grant_no_delete BEFORE DELETE ON role_grant BEGIN SELECT RAISE(ABORT, 'role_grant is append-only: role_grant_no_delete'); END;
CREATE TRIGGER screening_stub_no_delete BEFORE DELETE ON screening_stub BEGIN SELECT RAISE(ABORT, 'screening_stub is append-only: screening_stub_no_delete'); END;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only: audit_entry_no_update'); END;
CREATE TRIGGER item_author_no_update BEFORE UPDATE ON item_author BEGIN SELECT RAISE(ABORT, 'item_author is append-only: item_author_no_update'); END;
CREATE TRIGGER item_reader_no_update BEFORE UPDATE ON item_reader BEGIN SELECT RAISE(ABORT, 'item_reader is append-only: item_reader_no_update'); END;
CREATE TRIGGER policy_text_no_update BEFORE UPDATE ON policy_text BEGIN SELECT RAISE(ABORT, 'policy_text is append-only: policy_text_no_update'); END;
CREATE TRIGGER revision_attachment_no_update BEFORE UPDATE ON revision_attachment BEGIN SELECT RAISE(ABORT, 'revision_attachment is append-only: revision_attachment_no_update'); END;
CREATE TRIGGER screening_stub_no_update BEFORE UPDATE ON screening_stub BEGIN SELECT RAISE(ABORT, 'screening_stub is append-only: screening_stub_no_update'); END;
CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision WHEN OLD.canonical IS NULL OR NEW.canonical IS NOT NULL OR NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id OR NEW.number <> OLD.number OR NEW.digest <> OLD.digest OR NEW.redacts_id IS NOT OLD.redacts_id OR NEW.created_by <> OLD.created_by OR NEW.created_at <> OLD.created_at BEGIN SELECT RAISE(ABORT, 'revision is append-only: revision_no_update'); END;
CREATE TRIGGER remark_no_update BEFORE UPDATE ON remark WHEN OLD.canonical IS NULL OR NEW.canonical IS NOT NULL OR NEW.id <> OLD.id OR NEW.item_id IS NOT OLD.item_id OR NEW.digest <> OLD.digest OR NEW.said_by <> OLD.said_by OR NEW.said_at <> OLD.said_at BEGIN SELECT RAISE(ABORT, 'remark is append-only: remark_no_update'); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE OF id, item_id, body_id, revision_id, digest, round, submission, stage, kind, action, positive, actor_id, decided_at, outcome, remark_id, reason_code, ground, basis, reassess_on, register_number, details ON decision BEGIN SELECT RAISE(ABORT, 'decision is append-only: decision_no_update'); END;
CREATE TRIGGER decision_no_unvoid BEFORE UPDATE OF voided_at ON decision WHEN OLD.voided_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'decision is append-only: decision_no_unvoid'); END;
CREATE TRIGGER item_trail_goes_on BEFORE UPDATE OF trail_seq ON item WHEN NEW.trail_seq < OLD.trail_seq BEGIN SELECT RAISE(ABORT, 'item is append-only: item_trail_goes_on'); END;
CREATE TRIGGER office_trail_goes_on BEFORE UPDATE OF trail_seq ON office WHEN NEW.trail_seq < OLD.trail_seq BEGIN SELECT RAISE(ABORT, 'office is append-only: office_trail_goes_on'); END;
CREATE TRIGGER office_rehearsal_stays BEFORE UPDATE OF rehearsal ON office WHEN NEW.rehearsal <> OLD.rehearsal BEGIN SELECT RAISE(ABORT, 'office is append-only: office_rehearsal_stays'); END;
CREATE TRIGGER account_name_stays BEFORE UPDATE OF id, name ON account WHEN NEW.id <> OLD.id OR NEW.name <> OLD.name BEGIN SELECT RAISE(ABORT, 'account is append-only: account_name_stays'); END;
CREATE TRIGGER role_grant_no_update BEFORE UPDATE OF id, account_id, role, body_id, granted_by, granted_at ON role_grant BEGIN SELECT RAISE(ABORT, 'role_grant is append-only: role_grant_no_update'); END;
CREATE TRIGGER role_grant_no_return BEFORE UPDATE OF revoked_at ON role_grant WHEN OLD.revoked_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'role_grant is append-only: role_grant_no_return'); END;
CREATE TRIGGER counter_goes_on BEFORE UPDATE ON counter WHEN NEW.value < OLD.value OR NEW.name <> OLD.name BEGIN SELECT RAISE(ABORT, 'counter is append-only: counter_goes_on'); END;
CREATE TRIGGER item_no_new_id BEFORE UPDATE OF id ON item WHEN NEW.id <> OLD.id BEGIN SELECT RAISE(ABORT, 'item is append-only: item_no_new_id'); END;
CREATE TRIGGER item_published_at_stays BEFORE UPDATE OF published_at ON item WHEN OLD.published_at IS NOT NULL AND NEW.published_at IS NOT OLD.published_at BEGIN SELECT RAISE(ABORT, 'item is append-only: item_published_at_stays'); END;
CREATE TRIGGER item_index_number_stays BEFORE UPDATE OF index_number ON item WHEN OLD.index_number IS NOT NULL AND NEW.index_number IS NOT OLD.index_number BEGIN SELECT RAISE(ABORT, 'item is append-only: item_index_number_stays'); END;
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry WHERE (subject = NEW.subject AND seq = NEW.seq) OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only: audit_entry_no_replace'); END;
CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision WHEN EXISTS (SELECT 1 FROM revision WHERE (item_id = NEW.item_id AND number = NEW.number) OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'revision is append-only: revision_no_replace'); END;
CREATE TRIGGER remark_no_replace BEFORE INSERT ON remark WHEN EXISTS (SELECT 1 FROM remark WHERE id = NEW.id OR digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'remark is append-only: remark_no_replace'); END;
CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id OR (body_id = NEW.body_id AND register_number = NEW.register_number) OR (positive AND voided_at IS NULL AND NEW.positive AND NEW.voided_at IS NULL AND item_id = NEW.item_id AND (stage = NEW.stage OR (round = NEW.round AND actor_id = NEW.actor_id)))) BEGIN SELECT RAISE(ABORT, 'decision is append-only: decision_no_replace'); END;
CREATE TRIGGER item_no_replace BEFORE INSERT ON item WHEN EXISTS (SELECT 1 FROM item WHERE id = NEW.id OR index_number = NEW.index_number) BEGIN SELECT RAISE(ABORT, 'item is append-only: item_no_replace'); END;
CREATE TRIGGER office_no_replace BEFORE INSERT ON office WHEN EXISTS (SELECT 1 FROM office WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'office is append-only: office_no_replace'); END;
CREATE TRIGGER policy_text_no_replace BEFORE INSERT ON policy_text WHEN EXISTS (SELECT 1 FROM policy_text WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'policy_text is append-only: policy_text_no_replace'); END;
CREATE TRIGGER account_no_replace BEFORE INSERT ON account WHEN EXISTS (SELECT 1 FROM account WHERE id = NEW.id OR name = NEW.name OR display_key = NEW.display_key) BEGIN SELECT RAISE(ABORT, 'account is append-only: account_no_replace'); END;
CREATE TRIGGER role_grant_no_replace BEFORE INSERT ON role_grant WHEN EXISTS (SELECT 1 FROM role_grant WHERE id = NEW.id OR (revoked_at IS NULL AND NEW.revoked_at IS NULL AND role = NEW.role AND account_id = NEW.account_id AND body_id = NEW.body_id)) BEGIN SELECT RAISE(ABORT, 'role_grant is append-only: role_grant_no_replace'); END;
CREATE TRIGGER revision_attachment_no_replace BEFORE INSERT ON revision_attachment WHEN EXISTS (SELECT 1 FROM revision_attachment WHERE revision_id = NEW.revision_id AND position = NEW.position) BEGIN SELECT RAISE(ABORT, 'revision_attachment is append-only: revision_attachment_no_replace'); END;
CREATE TRIGGER screening_stub_no_replace BEFORE INSERT ON screening_stub WHEN EXISTS (SELECT 1 FROM screening_stub WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'screening_stub is append-only: screening_stub_no_replace'); END;
CREATE TRIGGER item_no_update_or_replace BEFORE UPDATE OF index_number ON item WHEN EXISTS (SELECT 1 FROM item WHERE index_number = NEW.index_number AND id <> NEW.id) BEGIN SELECT RAISE(ABORT, 'item is append-only: item_no_update_or_replace'); END;
COMMIT;
