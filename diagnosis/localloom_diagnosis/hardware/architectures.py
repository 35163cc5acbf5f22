"""A GPU's architecture, from its device id, its compute target, its code name, its model or what WebGPU says."""

from __future__ import annotations

import re

#: First two digits of the PCI device id: the code names in the PCI id database, 2026-08, and the device masks of
#: Dawn's gpu_info.json.
_NVIDIA_IDS = {
    **dict.fromkeys(("06", "0d"), "Fermi"),
    **dict.fromkeys(("0f", "10", "11", "12"), "Kepler"),
    **dict.fromkeys(("13", "14", "16", "17"), "Maxwell"),
    **dict.fromkeys(("15", "1b", "1c"), "Pascal"),
    **dict.fromkeys(("1e", "1f", "21"), "Turing"),
    **dict.fromkeys(("20", "22", "24", "25"), "Ampere"),
    "23": "Hopper",
    **dict.fromkeys(("26", "27", "28"), "Ada Lovelace"),
    **dict.fromkeys(("29", "2b", "2c", "2d", "2e", "2f", "31", "32"), "Blackwell"),
}

#: Compute capability, by major number or whole: CUDA C++ programming guide, "Compute Capabilities".
_NVIDIA_CAPABILITIES = {
    "2": "Fermi",
    "3": "Kepler",
    "5": "Maxwell",
    "6": "Pascal",
    "7": "Volta",
    "7.5": "Turing",
    "8": "Ampere",
    "8.9": "Ada Lovelace",
    "9": "Hopper",
    "10": "Blackwell",
    "11": "Blackwell",
    "12": "Blackwell",
}

#: LLVM's targets, the longest prefix first: LLVM's AMDGPUUsage, "Processors".
_AMD_TARGETS = (
    ("gfx908", "CDNA"),
    ("gfx90a", "CDNA2"),
    ("gfx94", "CDNA3"),
    ("gfx95", "CDNA4"),
    ("gfx90", "GCN5"),
    ("gfx101", "RDNA"),
    ("gfx103", "RDNA2"),
    ("gfx110", "RDNA3"),
    ("gfx115", "RDNA3.5"),
    ("gfx12", "RDNA4"),
    ("gfx6", "GCN1"),
    ("gfx7", "GCN2"),
    ("gfx802", "GCN3"),
    ("gfx801", "GCN3"),
    ("gfx810", "GCN3"),
)

#: The id under a mask of 0xFFF0 or, with two digits, 0xFF00: Dawn's gpu_info.json, and the PCI id database for what
#: came after it.
_AMD_IDS = {
    **dict.fromkeys(("660", "661", "666", "679", "680", "681", "682", "683"), "GCN1"),
    **dict.fromkeys(("664", "665", "67a", "67b", "983", "985", "13"), "GCN2"),
    **dict.fromkeys(("690", "692", "693", "730", "987", "98e"), "GCN3"),
    **dict.fromkeys(("67c", "67d", "67e", "67f", "698", "699", "6fd"), "GCN4"),
    **dict.fromkeys(("66a", "686", "687", "694", "69a", "15d", "15e", "163", "1636", "1638", "164c"), "GCN5"),
    **dict.fromkeys(("731", "734", "736"), "RDNA"),
    **dict.fromkeys(
        ("73a", "73b", "73c", "73d", "73e", "73f", "742", "743", "163f", "1435", "1506", "164d", "164e", "1681"), "RDNA2"
    ),
    **dict.fromkeys(("73f0", "744", "745", "746", "747", "748", "749", "15bf", "15c8", "164f"), "RDNA3"),
    **dict.fromkeys(("150e", "1586", "1114"), "RDNA3.5"),
    **dict.fromkeys(("755", "759"), "RDNA4"),
    "738": "CDNA",
    "740": "CDNA2",
    **dict.fromkeys(("74a", "74b"), "CDNA3"),
    "75a": "CDNA4",
}  # fmt: skip

#: First two digits, or more: the same two sources.
_INTEL_IDS = {
    **dict.fromkeys(("01", "04", "0a", "0d"), "Gen7"),
    "0f": "Gen7",
    **dict.fromkeys(("16", "22"), "Gen8"),
    **dict.fromkeys(("19", "31", "3e", "5a", "59", "9b", "87"), "Gen9"),
    **dict.fromkeys(("8a", "4e", "45", "98"), "Gen11"),
    **dict.fromkeys(("46", "4c", "49", "9a", "a7"), "Xe-LP"),
    "7d": "Xe-LPG",
    "b6": "Xe-LPG",
    **dict.fromkeys(("4f", "56"), "Xe-HPG"),
    "0b": "Xe-HPC",
    "64": "Xe2",
    "e2": "Xe2",
    **dict.fromkeys(("b0", "fd"), "Xe3"),
}

_MASKS = {"nvidia": (_NVIDIA_IDS, (2,)), "amd": (_AMD_IDS, (4, 3, 2)), "intel": (_INTEL_IDS, (2,))}

#: Code names as Mesa and the PCI database write them.
_CODE_NAMES = tuple(
    (re.compile(rf"(?<![a-z])(?:{names})", re.IGNORECASE), architecture)
    for names, architecture in (
        (r"GB\d{3}|GB20B", "Blackwell"),
        (r"AD10\d", "Ada Lovelace"),
        (r"GH\d{3}", "Hopper"),
        (r"GA\d{3}", "Ampere"),
        (r"TU\d{3}", "Turing"),
        (r"GV\d{3}", "Volta"),
        (r"GP\d{3}", "Pascal"),
        (r"GM\d{3}", "Maxwell"),
        (r"GK\d{3}", "Kepler"),
        (r"navi ?4\d|gfx12", "RDNA4"),
        (r"strix|krackan|gfx115", "RDNA3.5"),
        (r"navi ?3\d|phoenix|hawk ?point|gfx110", "RDNA3"),
        (r"navi ?2\d|van ?gogh|rembrandt|raphael|mendocino|yellow ?carp|sienna|navy_|dimgrey|beige_|gfx103", "RDNA2"),
        (r"navi ?1\d|gfx101", "RDNA"),
        (r"vega|raven|picasso|renoir|cezanne|lucienne|barcelo|gfx90[0269c]", "GCN5"),
        (r"polaris", "GCN4"),
        (r"BMG|battlemage|LNL|lunar ?lake", "Xe2"),
        (r"PTL|panther ?lake", "Xe3"),
        (r"DG2|alchemist", "Xe-HPG"),
        (r"MTL|ARL|meteor ?lake|arrow ?lake", "Xe-LPG"),
        (r"TGL|RKL|ADL|RPL|DG1|tiger ?lake|rocket ?lake|alder ?lake|raptor ?lake", "Xe-LP"),
        (r"ICL|EHL|JSL|ice ?lake|elkhart ?lake|jasper ?lake", "Gen11"),
        (r"SKL|KBL|CFL|CML|WHL|AML|GLK|BXT|APL|sky ?lake|kaby ?lake|coffee ?lake|comet ?lake|whiskey ?lake|gemini ?lake", "Gen9"),
        (r"BDW|CHV|broadwell|cherry ?view", "Gen8"),
        (r"HSW|haswell|IVB|ivy ?bridge|BYT", "Gen7"),
        (r"G13[GSCDX]", "Apple7"),
        (r"G14[GSCDX]", "Apple8"),
        (r"G15[GSCDX]|G16[GSCDX]", "Apple9"),
    )
)  # fmt: skip

#: Models, maker in front, as `gpu_names` writes them.
_MODELS = tuple(
    (re.compile(model), architecture)
    for model, architecture in (
        (r"NVIDIA (?:GeForce )?(?:RTX 50\d\d|.*Blackwell|B[12]00\b|GB[123]00)", "Blackwell"),
        (r"NVIDIA (?:GeForce RTX 40\d\d|.*\bAda\b|L4\b|L40S?\b|L2\b|L20\b)", "Ada Lovelace"),
        (r"NVIDIA (?:H\d00|GH200|H20\b)", "Hopper"),
        (r"NVIDIA (?:GeForce (?:RTX 30\d\d|MX570)|RTX A\d{3,4}|A(?:2|10|10G|16|30|40|100|800)\b|Orin|CMP 170HX)", "Ampere"),
        (r"NVIDIA (?:GeForce (?:RTX 20\d\d|GTX 16\d\d|MX[45]50)|Quadro (?:RTX|T\d)|TITAN RTX|Tesla T4|T[1-9]\d{2,3}\b)", "Turing"),
        (r"NVIDIA (?:Tesla V100|TITAN V|Quadro GV100|Xavier)", "Volta"),
        (r"NVIDIA (?:GeForce (?:GTX 10\d\d|GT 10[13]0|MX[123][1-5]0)|TITAN Xp?\b|Quadro G?P\d|Tesla P\d)", "Pascal"),
        (r"NVIDIA (?:GeForce (?:GTX 9\d\d|9[1-4]0MX?|GTX 750|MX110)|Quadro M\d|Tesla M\d|GRID M)", "Maxwell"),
        (r"NVIDIA (?:GeForce (?:GTX [67]\d\d|GT [67]\d\d)|Quadro K\d|Tesla K\d)", "Kepler"),
        (r"AMD Radeon (?:RX 9\d{3}|AI Pro R9)", "RDNA4"),
        (r"AMD Radeon (?:8\d\dM|80[456]0S)", "RDNA3.5"),
        (r"AMD Radeon (?:RX 7\d{3}|Pro W7|7[468]0M)", "RDNA3"),
        (r"AMD (?:Radeon (?:RX 6\d{3}|Pro W6|6[168]0M)|Custom GPU)", "RDNA2"),
        (r"AMD Radeon (?:RX 5\d{3}|Pro (?:W5|5[3567]\d0))", "RDNA"),
        (r"AMD Radeon (?:.*Vega|VII|Pro VII)|AMD (?:Radeon )?Instinct MI(?:25|50|60)\b", "GCN5"),
        (r"AMD Radeon (?:RX [45]\d\d\b|Pro (?:[45]\d\dX?\b|WX [2-7]\d00))", "GCN4"),
        (r"AMD Instinct MI100", "CDNA"),
        (r"AMD Instinct MI2\d\d", "CDNA2"),
        (r"AMD Instinct MI30\d|AMD Instinct MI325", "CDNA3"),
        (r"AMD Instinct MI35\d", "CDNA4"),
        (r"Intel Arc (?:Pro )?B\d|Intel Arc 1[34]0V", "Xe2"),
        (r"Intel Arc (?:Pro )?A\d|Intel Data Center GPU Flex", "Xe-HPG"),
        (r"Intel Data Center GPU Max", "Xe-HPC"),
        (r"Intel Arc(?: Graphics| 1[34]0T|$)", "Xe-LPG"),
        (r"Intel (?:Iris Xe|UHD Graphics 7[1357]0)", "Xe-LP"),
        (r"Intel (?:Iris Plus|UHD) Graphics G\d", "Gen11"),
        (r"Intel (?:UHD Graphics (?:P?6\d\d)|HD Graphics (?:P?[56]\d\d)\b|Iris (?:Plus |Pro )?Graphics (?:P?[56]\d\d)\b)", "Gen9"),
        (r"Intel (?:HD|Iris|Iris Pro) Graphics (?:P?[56][3-6]?\d0\d?|6[012]\d\d|5[356]\d\d)", "Gen8"),
        (r"Intel HD Graphics (?:4[246]00|4000|2500|5[01]00|5000)", "Gen7"),
        (r"Apple (?:M5|A19)\b", "Apple10"),
        (r"Apple (?:M[34]|A1[78])\b", "Apple9"),
        (r"Apple (?:M2|A1[56])\b", "Apple8"),
        (r"Apple (?:M1|A14)\b", "Apple7"),
    )
)  # fmt: skip

#: WebGPU's words, as Dawn and Firefox write them, where they differ from ours by more than case.
_WEBGPU = {
    "lovelace": "Ada Lovelace",
    "gen-7": "Gen7",
    "gen-8": "Gen8",
    "gen-9": "Gen9",
    "gen-11": "Gen11",
    "gen-12lp": "Xe-LP",
    "gen-12-lp": "Xe-LP",
    "gen-12hp": "Xe-HPG",
    "gen-12-hp": "Xe-HPG",
    "gen-13-lp": "Xe2",
    "xe-lpg": "Xe-LPG",
    "xe-2lpg": "Xe2",
    "xe-2hpg": "Xe2",
    "xe-3lpg": "Xe3",
    "rdna-1": "RDNA",
    "rdna-2": "RDNA2",
    "rdna-3": "RDNA3",
    "rdna-4": "RDNA4",
    "cdna-1": "CDNA",
    "cdna-2": "CDNA2",
    "cdna-3": "CDNA3",
    **{f"gcn-{number}": f"GCN{number}" for number in range(1, 6)},
    "swiftshader": "software",
    "software": "software",
    "warp": "software",
}

_PLAIN = {
    name.lower(): name
    for name in {
        *_NVIDIA_IDS.values(), *_NVIDIA_CAPABILITIES.values(), *_AMD_IDS.values(), *_INTEL_IDS.values(),
        *(architecture for _, architecture in (*_AMD_TARGETS, *_CODE_NAMES, *_MODELS)),
        "Midgard", "Bifrost", "Valhall",
    }
}  # fmt: skip


def by_device(vendor: str, device: str) -> str | None:
    """The architecture of a PCI device: vendor as in `vendors`, device as four hexadecimal digits."""
    if vendor == "nvidia" and "1d81" <= device <= "1dff":
        return "Volta"  # it shares its first digits with Pascal's last
    if vendor == "nvidia" and device[:2] == "1d":
        return "Pascal"
    table, lengths = _MASKS.get(vendor, ({}, ()))
    return next((table[device[:n]] for n in lengths if device[:n] in table), None)


def by_compute_target(target: str) -> str | None:
    """The architecture of NVIDIA's compute capability ("8.6") or AMD's target ("gfx1030")."""
    if target.startswith("gfx"):
        return next((name for prefix, name in _AMD_TARGETS if target.startswith(prefix)), None)
    return _NVIDIA_CAPABILITIES.get(target) or _NVIDIA_CAPABILITIES.get(target.partition(".")[0])


def by_code_name(hints: str) -> str | None:
    """The architecture of a code name anywhere in a text."""
    return next((name for mark, name in _CODE_NAMES if mark.search(hints)), None) if hints else None


def by_model(model: str) -> str | None:
    """The architecture of a model, in the names of `gpu_names`."""
    return next((name for mark, name in _MODELS if mark.match(model)), None)


def by_word(said: str) -> str | None:
    """What WebGPU or an earlier agent calls it, in our words; None for what says nothing, such as "metal-3"."""
    word = said.strip().lower()
    return _WEBGPU.get(word) or _PLAIN.get(word)
