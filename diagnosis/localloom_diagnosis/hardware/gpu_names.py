"""One name for one GPU: the marketing name as the maker's own driver writes it, the maker in front."""

from __future__ import annotations

import re

from .vendors import shown, vendor_of_text

#: Makers' names as they stand in front of, or inside, a model's name.
_MAKERS = re.compile(
    r"NVIDIA(?: Corporation)?\b|Advanced Micro Devices,? Inc\.?(?: \[AMD(?:/ATI)?\])?|\bAMD(?:/ATI)?\b|\bATI(?: Technologies Inc\.?)?\b|"
    r"\bIntel(?: Corporation| Inc\.?)?\b|\bApple Inc\.?|^Apple\b|\bQualcomm(?: Inc\.?)?\b|\bGoogle(?: Inc\.)?\b|\bMicrosoft(?: Corporation)?\b|"
    r"^ARM(?: Ltd\.?)?\b|\bSamsung\b|\bMoore Threads\b|\bBroadcom\b|\bVMware(?:,? Inc\.?)?\b",
    re.IGNORECASE,
)

#: Names that stand for no model: Safari's mask, a maker alone, a key's default.
_NO_MODEL = frozenset(
    ["", "gpu", "graphics", "unknown", "none", "null", "generic", "corporation", "inc", "device", "graphics device", "unspecified"]
)  # fmt: skip


def model_name(name: str, vendor: str | None) -> str | None:
    """The one name of the model that `name` (unwrapped) stands for; None where it stands for none.

    Args:
        name: e.g. "GeForce RTX 3060 Laptop GPU", "Intel UHD Graphics 620".
        vendor: the maker, in the names of `vendors`; None: whom the name itself names.
    """
    vendor = vendor or vendor_of_text(name)
    text = " ".join(_MAKERS.sub(" ", name).split()).strip(" ,;:-_/")
    if text.lower() in _NO_MODEL:
        return None
    text = re.sub(r"\b(RTX|GTX|GTS|RX)(\d)", r"\1 \2", text)
    text = re.sub(r"\b(\d{3,4})(Ti|XT|XTX|SUPER)\b", r"\1 \2", text, flags=re.IGNORECASE)
    text = _SPELLINGS.get(vendor or "", lambda said: said)(text)
    if text.lower() in _NO_MODEL and vendor not in ("amd", "intel"):
        return None
    maker = shown(vendor) if vendor else None
    return f"{maker} {text}" if maker else text


def _nvidia(text: str) -> str:
    text = re.sub(r"-(SXM\d?|PCIE|NVL|\d+GB)", r" \1", text, flags=re.IGNORECASE)
    text = re.sub(r"\bPCIE\b", "PCIe", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\bTi\b", "Ti", re.sub(r"\bsuper\b", "SUPER", text, flags=re.IGNORECASE), flags=re.IGNORECASE
    )
    text = re.sub(r"\bgeforce\b", "GeForce", text, flags=re.IGNORECASE)
    if re.match(r"(?:RTX|GTX) \d{4}\b(?! Ada)", text) and not re.match(
        r"RTX [2-6]000\b(?!.*\bSUPER\b)", text
    ):
        text = f"GeForce {text}"  # a workstation's "RTX 4000" is no GeForce
    # What the PCI database tells apart and the driver does not: revisions and the brake on mining.
    text = re.sub(r"(?: \d+GB)? Rev\. \w+$| Lite Hash Rate$| Refresh$", "", text)
    mobile = re.search(r"\s(?:Mobile|Max-Q)(?:\s?/\s?(?:Mobile|Max-Q))*(?: (?:\d+GB/?)+| Refresh)?$", text)
    if mobile and "Design" not in text:
        text = text[: mobile.start()]
        # From the 30 series on the driver says so in the name; before, it gives both the same one.
        if re.search(
            r"^(?!Quadro).*RTX (?:A|PRO )?(?:[345]0\d\d|[1-5]000)\b|RTX A\d{3,4}|Ada|Blackwell", text
        ):
            text += " Laptop GPU"
    text = re.sub(
        r"^(GeForce RTX \d{4}\b(?! Laptop).*?) \d+GB$", r"\1", text
    )  # the driver's name has no size
    text = re.sub(r"\s+/.*$", "", text)
    if re.match(r"[TPVMK]\d{1,3}\b(?! *\d)(?=(?: SXM| PCIe| \d+GB|$))", text) and _TESLA.match(text):
        text = f"Tesla {text}"
    return _HOPPER.get(text, text)


#: Server cards that drivers call "Tesla …" and the PCI database sometimes does not.
_TESLA = re.compile(r"(?:T4|P4|P6|P40|P100|V100|M4|M6|M10|M40|M60|K40|K80)\b")

#: The PCI database's names of server cards, and the driver's.
_HOPPER = {
    "H100 SXM5 80GB": "H100 80GB HBM3",
    "H100 SXM5 64GB": "H100 64GB HBM2",
    "H100 SXM5 96GB": "H100 96GB HBM3",
    "H200 SXM 141GB": "H200",
    "A100 PCIe 80GB": "A100 80GB PCIe",
    "T4": "Tesla T4",
}


def _amd(text: str) -> str:
    text = re.sub(r"\bPRO\b", "Pro", text)
    text = re.sub(r"\s+Series\b", "", text)
    if re.match(r"(?:RX|HD|Pro|Vega|R[579]|VII|\d{3,4}[MS])\b", text):
        text = f"Radeon {text}"
    # Raven Ridge's drivers and its successors' differ over "RX".
    text = re.sub(r"^Radeon RX Vega (3|6|8|10|11)\b", r"Radeon Vega \1", text)
    if re.search(r"\d|VII", text):
        text = re.sub(r"\s+(?:Graphics|GPU)$", "", text)
    return text


def _intel(text: str) -> str:
    text = re.sub(r"\bGPU$", "", text).strip()
    text = re.sub(r"^(?:HD|UHD|Iris|Iris Plus|Iris Pro|Iris Xe)$", r"\g<0> Graphics", text)
    if re.fullmatch(r"(?:Xe|Iris Xe)(?: Graphics)?", text):
        return "Iris Xe Graphics"  # Mesa before 21.3 left "Iris" out
    text = re.sub(
        r"^((?:Coffee|Comet|Kaby|Whiskey|Ice|Sky|Amber|Gemini|Jasper|Elkhart|Rocket|Alder|Raptor)\s?-?Lake\S*)\s+",
        "",
        text,
    )
    text = re.sub(r"^(?:Core Ultra .*Processors )?Arc Graphics ([AB]?\d)", r"Arc \1", text)
    if text.startswith("Arc") and re.search(r"\d", text):
        text = re.sub(r"\s+Graphics$", "", text)
    return text


def _apple(text: str) -> str:
    return re.sub(r"^(M\d+|A\d+\w?)\s+(Pro|Max|Ultra)\b.*$", r"\1 \2", re.sub(r"\s+GPU$", "", text))


def _qualcomm(text: str) -> str:
    return re.sub(r"\s+GPU$", "", text)


def _arm(text: str) -> str:
    return re.sub(r"\s+MC\d+$", "", text)


_SPELLINGS = {
    "nvidia": _nvidia,
    "amd": _amd,
    "intel": _intel,
    "apple": _apple,
    "qualcomm": _qualcomm,
    "arm": _arm,
}
