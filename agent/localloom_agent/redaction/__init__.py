r"""Takes names, addresses and credentials out of text before it is kept or leaves the machine.

What goes, and what stands in its place:

| what | becomes |
| --- | --- |
| home folders: this user's, and any user's below `/home`, `/Users`, `C:\Users` | `~` |
| this user's name | `<user>` |
| this machine's host name, with its domain | `<host>` |
| credentials: headers, well-known token forms, `password=`-like values, secrets of the environment | `<secret>` |
| user and password in a URL, its query and its fragment | nothing |
| e-mail addresses | `<email>` |
| IP addresses other than loopback, private ones too: a fleet's address plan is nobody's business | `<ip>` |
| MAC addresses | `<mac>` |
| UUIDs of NVIDIA GPUs and MIG instances | `<gpu-uuid>` |
| security identifiers of Windows accounts | `<sid>` |

Every rule is a group of patterns behind a test for a few substrings, because each event passes through and few
hold anything to redact. No pattern repeats over a span that another repetition can also cover, so the time
grows with the length of the text alone.
"""

from .identity import Identity
from .redactor import Redactor

__all__ = ["Identity", "Redactor"]
