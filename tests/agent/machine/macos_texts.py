"""What sysctl and system_profiler printed on real Macs, cut to the facts about processor and GPU.

Sources are the threads named beside each. Displays are cut to a name: their serial numbers are somebody's.
"""

# github.com/timmo001/system-bridge/pull/3408, description: head of the output on an M3 Pro. The post's tail was
# not at hand; the same command's tail on an M1 is below.
M3_PRO = """\
{
  "SPDisplaysDataType" : [
    {
      "_name" : "Apple M3 Pro",
      "spdisplays_mtlgpufamilysupport" : "spdisplays_metal3",
      "spdisplays_ndrvs" : [
        {
          "_name" : "DELL U2722DE",
          "_spdisplays_display-serial-number" : "00000000"
        }
      ]
    }
  ]
}
"""

# The comment that quotes the output of an M1 in a public DDC client's Go source (search its text for
# "kHW_AppleM1Item" and "sppci_cores"); github.com/exelban/stats/issues/394 shows the same head.
M1 = """\
{
  "SPDisplaysDataType" : [
    {
      "_name" : "kHW_AppleM1Item",
      "spdisplays_mtlgpufamilysupport" : "spdisplays_metal3",
      "spdisplays_ndrvs" : [
        {
          "_name" : "Color LCD",
          "_spdisplays_display-serial-number" : "00000000"
        }
      ],
      "spdisplays_vendor" : "sppci_vendor_Apple",
      "sppci_bus" : "spdisplays_builtin",
      "sppci_cores" : "7",
      "sppci_device_type" : "spdisplays_gpu",
      "sppci_model" : "Apple M1"
    }
  ]
}
"""

# github.com/duanefields/VirtualKVM/issues/50, 2017: a MacBookPro12,1 on macOS 10.13, posted as an XML property
# list; keys and values as posted, the notation is JSON's.
IRIS_6100 = """\
{
  "SPDisplaysDataType" : [
    {
      "_name" : "kHW_IntelIris6100Item",
      "_spdisplays_vram" : "1536 MB",
      "spdisplays_device-id" : "0x162b",
      "spdisplays_metal" : "spdisplays_metalfeaturesetfamily13"
    }
  ]
}
"""

# github.com/archspec/archspec/issues/38, comments of 2020-11-18 and 2021-03-05: an M1 on macOS 11.
SYSCTL_M1_MACOS_11 = """\
machdep.cpu.cores_per_package: 8
machdep.cpu.core_count: 8
machdep.cpu.logical_per_package: 8
machdep.cpu.thread_count: 8
machdep.cpu.brand_string: Apple processor
hw.optional.floatingpoint: 1
hw.optional.watchpoint: 4
hw.optional.breakpoint: 6
hw.optional.neon: 1
hw.optional.neon_hpfp: 1
hw.optional.neon_fp16: 1
hw.optional.armv8_1_atomics: 1
hw.optional.armv8_crc32: 1
hw.optional.armv8_2_fhm: 1
hw.optional.armv8_2_sha512: 1
hw.optional.armv8_2_sha3: 1
hw.optional.amx_version: 2
hw.optional.ucnormal_mem: 1
hw.optional.arm64: 1
"""

# github.com/pytorch/cpuinfo/pull/363, description: `sysctl -a | grep -i sme` on a MacBook with an M4.
SYSCTL_M4_SME = """\
kern.progressmeterenable: 0
kern.progressmeter: 33
hw.optional.arm.FEAT_SME: 1
hw.optional.arm.FEAT_SME2: 1
hw.optional.arm.FEAT_SME2p1: 0
hw.optional.arm.SME_F32F32: 1
hw.optional.arm.FEAT_SME_F16F16: 0
hw.optional.arm.sme_max_svl_b: 64
"""

# A public page of notes on a Mac's settings for Go (search for "i5-5250U" and "machdep.cpu.leaf7_features").

SYSCTL_I5_5250U = """\
machdep.cpu.max_basic: 20
machdep.cpu.vendor: GenuineIntel
machdep.cpu.brand_string: Intel(R) Core(TM) i5-5250U CPU @ 1.60GHz
machdep.cpu.features: FPU VME DE PSE TSC MSR PAE MCE CX8 APIC SEP MTRR PGE MCA CMOV PAT PSE36 CLFSH DS ACPI MMX FXSR SSE \
SSE2 SS HTT TM PBE SSE3 PCLMULQDQ DTES64 MON DSCPL VMX EST TM2 SSSE3 FMA CX16 TPR PDCM SSE4.1 SSE4.2 x2APIC MOVBE POPCNT \
AES PCID XSAVE OSXSAVE SEGLIM64 TSCTMR AVX1.0 RDRAND F16C
machdep.cpu.leaf7_features: RDWRFSGS TSC_THREAD_OFFSET BMI1 AVX2 SMEP BMI2 ERMS INVPCID FPU_CSDS RDSEED ADX SMAP IPT MDCLEAR \
IBRS STIBP L1DF SSBD
machdep.cpu.extfeatures: SYSCALL XD 1GBPAGE EM64T LAHF LZCNT PREFETCHW RDTSCP TSCI
"""
