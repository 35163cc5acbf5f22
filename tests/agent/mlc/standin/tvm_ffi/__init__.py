"""Of the ffi that comes with mlc-llm: the global table of functions. Part of the stand-in."""

_TABLE = {}


def register_global_func(name, f, override=False):
    if name in _TABLE and not override:
        raise ValueError(f"Global function {name} is already registered")
    _TABLE[name] = f
    return f


def get_global_func(name, allow_missing=False):
    if name not in _TABLE and not allow_missing:
        raise ValueError(f"Cannot find global function {name}")
    return _TABLE.get(name)
