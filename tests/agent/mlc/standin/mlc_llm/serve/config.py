"""The engine's configuration; of its fields those that the tests set."""

import dataclasses
import json


@dataclasses.dataclass
class EngineConfig:
    """As the real one, a plain dataclass."""

    model: str = None
    model_lib: str = None
    mode: str = None
    opt: str = None
    gpu_memory_utilization: float = None
    max_single_sequence_length: int = None
    max_total_sequence_length: int = None
    prefill_chunk_size: int = None
    max_num_sequence: int = None
    prefix_cache_mode: str = "radix"

    def asjson(self):
        return json.dumps(dataclasses.asdict(self))
