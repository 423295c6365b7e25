"""Code lists of the population registry, by number. Labels are official terms, shown as they are, never translated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CodeList:
    """A named list of codes. A code that central knows and we do not is shown, never fatal."""

    name: str
    labels: dict[str, str]

    def label(self, code: str) -> str:
        """The label of `code`, or `Kode n (tidak dikenal)`."""
        return self.labels.get(code, f"Kode {code} (tidak dikenal)")

    def __contains__(self, code: str) -> bool:
        return code in self.labels


def _numbered(name: str, *labels: str) -> CodeList:
    return CodeList(name, {str(number): label for number, label in enumerate(labels, start=1)})


SEX = _numbered("sex", "LAKI-LAKI", "PEREMPUAN")
RELIGION = _numbered(
    "religion",
    "ISLAM",
    "KRISTEN",
    "KATOLIK",
    "HINDU",
    "BUDDHA",
    "KHONGHUCU",
    "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA",
)
MARITAL_STATUS = _numbered("marital_status", "BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
CITIZENSHIP = _numbered("citizenship", "WNI", "WNA")
OCCUPATION = _numbered(
    "occupation",
    *(
        "BELUM/TIDAK BEKERJA · MENGURUS RUMAH TANGGA · PELAJAR/MAHASISWA · PENSIUNAN · APARATUR SIPIL NEGARA (ASN) · "
        "TENTARA NASIONAL INDONESIA (TNI) · KEPOLISIAN RI (POLRI) · PERDAGANGAN · PETANI/PEKEBUN · PETERNAK · "
        "NELAYAN/PERIKANAN · INDUSTRI · KONSTRUKSI · TRANSPORTASI · KARYAWAN SWASTA · KARYAWAN BUMN · KARYAWAN BUMD · "
        "KARYAWAN HONORER · BURUH HARIAN LEPAS · BURUH TANI/PERKEBUNAN · BURUH NELAYAN/PERIKANAN · BURUH PETERNAKAN · "
        "PEMBANTU RUMAH TANGGA · TUKANG CUKUR · TUKANG LISTRIK · TUKANG BATU · TUKANG KAYU · TUKANG SOL SEPATU · "
        "TUKANG LAS/PANDAI BESI · TUKANG JAHIT · TUKANG GIGI · PENATA RIAS · PENATA BUSANA · PENATA RAMBUT · MEKANIK · "
        "SENIMAN · TABIB · PARAJI · PERANCANG BUSANA · PENTERJEMAH · IMAM MASJID · PENDETA · PASTOR · WARTAWAN · "
        "USTADZ/MUBALIGH · JURU MASAK · PROMOTOR ACARA · ANGGOTA DPR-RI · ANGGOTA DPD · ANGGOTA BPK · PRESIDEN · "
        "WAKIL PRESIDEN · ANGGOTA MAHKAMAH KONSTITUSI · ANGGOTA KABINET/KEMENTERIAN · DUTA BESAR · GUBERNUR · "
        "WAKIL GUBERNUR · BUPATI · WAKIL BUPATI · WALIKOTA · WAKIL WALIKOTA · ANGGOTA DPRD PROVINSI · "
        "ANGGOTA DPRD KABUPATEN/KOTA · DOSEN · GURU · PILOT · PENGACARA · NOTARIS · ARSITEK · AKUNTAN · KONSULTAN · "
        "DOKTER · BIDAN · PERAWAT · APOTEKER · PSIKIATER/PSIKOLOG · PENYIAR TELEVISI · PENYIAR RADIO · PELAUT · "
        "PENELITI · "
        "SOPIR · PIALANG · PARANORMAL · PEDAGANG · PERANGKAT DESA · KEPALA DESA · BIARAWATI · WIRASWASTA · LAINNYA"
    ).split(" · "),
)
FEMALE = "2"
NEVER_MARRIED = "1"
FOREIGNER = "2"
