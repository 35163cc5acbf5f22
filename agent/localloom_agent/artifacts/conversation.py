"""MLC's conversation templates: one user turn becomes the text that the model continues."""

from __future__ import annotations

from dataclasses import dataclass

from .config_keys import Keys

_SYSTEM, _USER, _FUNCTION = "{system_message}", "{user_message}", "{function_string}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A `conv_template`, as far as one user turn and the assistant's opening need it."""

    system_template: str
    system_message: str
    system_prefix_ids: tuple[int, ...]
    """Token ids that stand before everything."""
    add_role_after_system_message: bool
    user_role: str
    assistant_role: str
    user_template: str
    role_content_sep: str
    role_empty_sep: str
    seps: tuple[str, ...]
    """The first closes a user's message; MLC takes the second, where there is one, after the assistant's."""
    stop_strings: tuple[str, ...]
    stop_ids: tuple[int, ...]

    def render(self, prompt: str) -> str:
        """The text for one user message and the assistant's turn just opened, as MLC's `as_prompt` makes it.

        The braces in `prompt` are the user's: it is put in last.
        """
        system = self.system_template.replace(_SYSTEM, self.system_message)
        bare = bool(system) and not self.add_role_after_system_message
        role = "" if bare else self.user_role + self.role_content_sep
        before, found, after = self.user_template.replace(_FUNCTION, "").partition(_USER)
        message = before + prompt + after if found else before
        return system + role + message + self.seps[0] + self.assistant_role + self.role_empty_sep


def parse_conversation(config: Keys) -> Conversation:
    """The `conv_template` of a chat config.

    Raises:
        EngineFault: config.invalid, also where it is only the name of a template built into old releases of MLC.
    """
    keys = config.sub_object("conv_template")
    if keys is None:
        raise config.missing("conv_template")
    roles = keys.sub_object("roles")
    if roles is None:
        raise keys.missing("roles")
    templates = keys.sub_object("role_templates") or Keys({}, keys.file, keys.path("role_templates"))
    seps = keys.texts("seps")
    if not seps:
        raise keys.invalid("seps", "a list of one or two strings", [])
    return Conversation(
        system_template=keys.text("system_template", _SYSTEM),
        system_message=keys.text("system_message", ""),
        system_prefix_ids=keys.token_ids("system_prefix_token_ids"),
        add_role_after_system_message=keys.flag("add_role_after_system_message", default=True),
        user_role=roles.text("user"),
        assistant_role=roles.text("assistant"),
        user_template=templates.text("user", _USER),
        role_content_sep=keys.text("role_content_sep", ""),
        role_empty_sep=keys.text("role_empty_sep", ""),
        seps=seps,
        stop_strings=tuple(s for s in keys.texts("stop_str", ()) if s),
        stop_ids=keys.token_ids("stop_token_ids"),
    )
