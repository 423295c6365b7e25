"""Every field of the recording. A new field is one entry here: the window, `record.json`, central's check and the tests
follow from it. A field whose condition asks for another answer stands after the field it asks.
"""

from __future__ import annotations

from station.domain import checks, codes
from station.domain.codes import DISABLED, DIVORCED, FOREIGNER, HAS_CERTIFICATE, MARRIED
from station.domain.field import Field, Kind, Section, When
from station.domain.mark import N_

_FOREIGN = When("citizenship", (FOREIGNER,))
_MARRIED = When("marital_status", (MARRIED,))
_DIVORCED = When("marital_status", (DIVORCED,))
_MARRIAGE_SHOWN = When("marriage_certificate", (HAS_CERTIFICATE,))
_DIVORCE_SHOWN = When("divorce_certificate", (HAS_CERTIFICATE,))
_BIRTH_SHOWN = When("birth_certificate", (HAS_CERTIFICATE,))
_SPONSORED = When("sponsor_kind", ("1", "2", "3", "4"))

_IDENTITY = (
    Field("nik", Kind.NUMBER, N_("NIK"), Section.IDENTITY, 1, 6, 16, check=checks.nik, since=1,
          good="9901016104880001", bad="9901010113990001"),
    Field("kk", Kind.NUMBER, N_("Family card number"), Section.IDENTITY, 1, 6, 16, check=checks.family_card, since=1,
          good="9901010503190001", bad="99010105"),
    Field("name", Kind.NAME, N_("Full name"), Section.IDENTITY, 2, 8, 60, check=checks.name, since=1,
          good="SITI AMINAH CONTOH", bad="BUDI2"),
    Field("sex", Kind.CODE, N_("Sex"), Section.IDENTITY, 2, 4, 1, codes=codes.SEX, since=1, good="2", bad="3"),
    Field("birth_place", Kind.TEXT, N_("Place of birth"), Section.IDENTITY, 3, 4, 60, since=1, good="KOTA CONTOH"),
    Field("birth_date", Kind.DATE, N_("Date of birth"), Section.IDENTITY, 3, 3, 10, check=checks.birth_date, since=1,
          good="1988-04-21", bad="1899-12-31"),
    Field("blood_type", Kind.CODE, N_("Blood type"), Section.IDENTITY, 3, 3, 2, codes=codes.BLOOD_TYPE,
          default=codes.BLOOD_UNKNOWN, good="4", bad="14"),
    Field("citizenship", Kind.CODE, N_("Citizenship"), Section.IDENTITY, 3, 2, 1, codes=codes.CITIZENSHIP, since=1,
          default="1", good="1", bad="9"),
)  # fmt: skip
_STATUS = (
    Field("religion", Kind.CODE, N_("Religion or belief"), Section.STATUS, 4, 4, 2, codes=codes.RELIGION, since=1,
          good="1", bad="0"),
    Field("marital_status", Kind.CODE, N_("Marital status"), Section.STATUS, 4, 4, 2, codes=codes.MARITAL_STATUS,
          check=checks.marital_status, since=1, good="2", bad="9"),
    Field("occupation", Kind.CODE, N_("Occupation"), Section.STATUS, 4, 4, 2, codes=codes.OCCUPATION, since=1,
          good="2", bad="90"),
    Field("belief", Kind.TEXT, N_("Description of the belief"), Section.STATUS, 5, 6, 30, good="KEPERCAYAAN CONTOH",
          shown=When("religion", (codes.BELIEF,))),
    Field("occupation_text", Kind.TEXT, N_("Description of the occupation"), Section.STATUS, 5, 6, 30,
          good="PENJAGA CONTOH", shown=When("occupation", (codes.OTHER_WORK,))),
    Field("marriage_certificate", Kind.CODE, N_("Marriage certificate"), Section.STATUS, 6, 4, 1, shown=_MARRIED,
          codes=codes.CERTIFICATE, check=checks.marriage_certificate, good="2", bad="3"),
    Field("marriage_certificate_no", Kind.TEXT, N_("Number of the certificate"), Section.STATUS, 6, 5, 40,
          shown=_MARRIAGE_SHOWN, good="0123/045/VI/2010"),
    Field("marriage_date", Kind.DATE, N_("Date of marriage"), Section.STATUS, 6, 3, 10, shown=_MARRIAGE_SHOWN,
          check=checks.past_day("marriage_date"), good="2010-06-12", bad="2027-01-01"),
    Field("divorce_certificate", Kind.CODE, N_("Divorce certificate"), Section.STATUS, 7, 4, 1, shown=_DIVORCED,
          codes=codes.CERTIFICATE, good="2", bad="3"),
    Field("divorce_certificate_no", Kind.TEXT, N_("Number of the certificate"), Section.STATUS, 7, 5, 40,
          shown=_DIVORCE_SHOWN, good="0045/AC/2015"),
    Field("divorce_date", Kind.DATE, N_("Date of divorce"), Section.STATUS, 7, 3, 10, shown=_DIVORCE_SHOWN,
          check=checks.past_day("divorce_date"), good="2015-03-02", bad="2027-01-01"),
)  # fmt: skip
_ADDRESS = (
    Field("address", Kind.TEXT, N_("Address"), Section.ADDRESS, 8, 5, 200, since=1, good="JL. CONTOH RAYA NO. 1"),
    Field("rt", Kind.UNIT, N_("RT"), Section.ADDRESS, 8, 2, 3, check=checks.unit("rt"), since=1, good="001", bad="1A"),
    Field("rw", Kind.UNIT, N_("RW"), Section.ADDRESS, 8, 2, 3, check=checks.unit("rw"), since=1,
          good="002", bad="0022"),
    Field("phone", Kind.DIGITS, N_("Telephone (optional)"), Section.ADDRESS, 8, 3, 16, check=checks.phone,
          needed=False, good="0800000017", bad="0800"),
    Field("village", Kind.VILLAGE, N_("Village"), Section.ADDRESS, 9, 12, 13, check=checks.village, since=1,
          good="99.01.01.2001", bad="SUKAMAJU"),
)  # fmt: skip
_STAY = (
    Field("passport_no", Kind.TEXT, N_("Passport number"), Section.STAY, 10, 6, 30, needed=_FOREIGN,
          good="X0000001"),
    Field("passport_expires", Kind.DATE, N_("Passport valid until"), Section.STAY, 10, 3, 10, needed=_FOREIGN,
          check=checks.passport_expires, good="2031-05-04", bad="31-02-2031"),
    Field("first_arrival", Kind.DATE, N_("First arrival"), Section.STAY, 10, 3, 10, shown=_FOREIGN,
          check=checks.past_day("first_arrival"), good="2012-02-01", bad="2027-01-01"),
    Field("permit_kind", Kind.CODE, N_("Stay permit"), Section.STAY, 11, 3, 1, codes=codes.STAY_PERMIT, shown=_FOREIGN,
          check=checks.permit_kind, good="1", bad="2"),
    Field("permit_no", Kind.TEXT, N_("Number of the permit"), Section.STAY, 11, 5, 40, shown=_FOREIGN,
          good="2D41AB0001-X"),
    Field("permit_place", Kind.TEXT, N_("Issued at"), Section.STAY, 11, 4, 60, shown=_FOREIGN, good="KOTA CONTOH"),
    Field("permit_issued", Kind.DATE, N_("Issued on"), Section.STAY, 12, 3, 10, shown=_FOREIGN,
          check=checks.past_day("permit_issued"), good="2025-03-01", bad="2027-01-01"),
    Field("permit_expires", Kind.DATE, N_("Valid until"), Section.STAY, 12, 3, 10, shown=_FOREIGN,
          check=checks.permit_expires, good="2030-03-01", bad="2026-10-31"),
    Field("sponsor_kind", Kind.CODE, N_("Kind of sponsor"), Section.STAY, 12, 6, 1, codes=codes.SPONSOR_KIND,
          shown=_FOREIGN, good="3", bad="6"),
    Field("sponsor_name", Kind.TEXT, N_("Name of the sponsor"), Section.STAY, 13, 5, 60, shown=_SPONSORED,
          good="PT CONTOH SEJAHTERA"),
    Field("sponsor_address", Kind.TEXT, N_("Address of the sponsor"), Section.STAY, 13, 7, 200, shown=_SPONSORED,
          good="JL. CONTOH RAYA NO. 9"),
)  # fmt: skip
_FAMILY = (
    Field("family_relation", Kind.CODE, N_("Relation to the head of the family"), Section.FAMILY, 14, 5, 2,
          codes=codes.FAMILY_RELATION, needed=False, good="3", bad="12"),
    Field("head_of_family", Kind.NAME, N_("Head of the family"), Section.FAMILY, 14, 7, 60, needed=False,
          check=checks.relative("head_of_family"), good="BUDI SANTOSO CONTOH", bad="BUDI2"),
    Field("education", Kind.CODE, N_("Last education"), Section.FAMILY, 15, 4, 2, codes=codes.EDUCATION, needed=False,
          good="5", bad="11"),
    Field("disability", Kind.CODE, N_("Disability"), Section.FAMILY, 15, 3, 1, codes=codes.DISABILITY, needed=False,
          good="1", bad="3"),
    Field("disability_kind", Kind.CODE, N_("Kind of disability"), Section.FAMILY, 15, 5, 1,
          codes=codes.DISABILITY_KIND, shown=When("disability", (DISABLED,)), good="2", bad="8"),
    Field("father_name", Kind.NAME, N_("Name of the father"), Section.FAMILY, 16, 7, 60, needed=False,
          check=checks.relative("father_name"), good="HASAN CONTOH", bad="HASAN 1"),
    Field("father_nik", Kind.NUMBER, N_("NIK of the father, 0 if unknown"), Section.FAMILY, 16, 5, 16, needed=False,
          check=checks.relatives_nik("father_nik"), good="0", bad="99010117"),
    Field("mother_name", Kind.NAME, N_("Name of the mother"), Section.FAMILY, 17, 7, 60, needed=False,
          check=checks.relative("mother_name"), good="AMINAH CONTOH", bad="AMINAH 1"),
    Field("mother_nik", Kind.NUMBER, N_("NIK of the mother, 0 if unknown"), Section.FAMILY, 17, 5, 16, needed=False,
          check=checks.relatives_nik("mother_nik"), good="0", bad="99010117"),
    Field("birth_certificate", Kind.CODE, N_("Birth certificate"), Section.FAMILY, 18, 4, 1, codes=codes.CERTIFICATE,
          needed=False, good="2", bad="3"),
    Field("birth_certificate_no", Kind.TEXT, N_("Number of the certificate"), Section.FAMILY, 18, 5, 40,
          shown=_BIRTH_SHOWN, good="9901-LT-01011990-0001"),
    Field("title", Kind.TEXT, N_("Title"), Section.FAMILY, 18, 3, 5, needed=False, good="S.PD."),
    Field("hamlet", Kind.TEXT, N_("Hamlet"), Section.FAMILY, 19, 8, 60, needed=False, good="DUSUN UJI I"),
    Field("postal_code", Kind.DIGITS, N_("Postal code"), Section.FAMILY, 19, 4, 5, needed=False,
          check=checks.postal_code, good="99999", bad="9999"),
    Field("previous_address", Kind.TEXT, N_("Address before"), Section.FAMILY, 20, 12, 200, needed=False,
          good="KP. PERCOBAAN"),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*_IDENTITY, *_STATUS, *_ADDRESS, *_STAY, *_FAMILY)
