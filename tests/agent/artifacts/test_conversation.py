from __future__ import annotations

import json

import pytest

from localloom_agent.artifacts.config_keys import Keys
from localloom_agent.artifacts.conversation import parse_conversation
from localloom_agent.canary import CANARY_DIR
from localloom_agent.engines.interface import EngineFault

CHATML = {
    "system_template": "<|im_start|>system\n{system_message}<|im_end|>\n",
    "system_message": "Be brief.",
    "roles": {"user": "<|im_start|>user", "assistant": "<|im_start|>assistant"},
    "role_templates": {"user": "{user_message}", "assistant": "{assistant_message}"},
    "seps": ["<|im_end|>\n"],
    "role_content_sep": "\n",
    "role_empty_sep": "\n",
}
LLAMA_2 = {
    "system_template": "[INST] <<SYS>>\n{system_message}\n<</SYS>>\n\n",
    "system_message": "Be brief.",
    "add_role_after_system_message": False,
    "roles": {"user": "[INST]", "assistant": "[/INST]"},
    "seps": [" ", " </s><s>"],
    "role_content_sep": " ",
    "role_empty_sep": " ",
}
VICUNA = {
    "system_template": "{system_message} ",
    "system_message": "A chat.",
    "roles": {"user": "USER", "assistant": "ASSISTANT"},
    "seps": [" ", "</s>"],
    "role_content_sep": ": ",
    "role_empty_sep": ":",
}
TEMPLATES = {
    "chatml": (
        CHATML,
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n",
    ),
    "llama-2, no role after the system message": (
        LLAMA_2,
        "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nhi [/INST] ",
    ),
    "llama-2 without a system message": (
        LLAMA_2 | {"system_template": "{system_message}", "system_message": ""},
        "[INST] hi [/INST] ",
    ),
    "vicuna, two separators": (VICUNA, "A chat. USER: hi ASSISTANT:"),
    "user template": (
        VICUNA | {"role_templates": {"user": "Q: {user_message}{function_string}?"}},
        "A chat. USER: Q: hi? ASSISTANT:",
    ),
}


def rendered(template, prompt="hi"):
    return parse_conversation(Keys({"conv_template": template}, "mlc-chat-config.json")).render(prompt)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_renders_as_mlc_renders_it(name):
    """One user turn and the assistant's opening come out as MLC's own templates make them."""
    template, text = TEMPLATES[name]
    assert rendered(template) == text


def test_the_canarys_prompts_render_as_they_were_trained():
    """The canary's reference prompts render to the very text that its answers were computed from."""
    config = json.loads((CANARY_DIR / "mlc-chat-config.json").read_text(encoding="utf-8"))
    reference = json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))
    for entry in reference["prompts"]:
        assert rendered(config["conv_template"], entry["prompt"]) == entry["rendered"]


@pytest.mark.parametrize("prompt", ["{user_message}", "{system_message}", "{0}", "%s", "{function_string}"])
def test_braces_of_the_user_stay_as_they_are(prompt):
    """What looks like a placeholder in the user's own text is text."""
    assert f"user\n{prompt}<|im_end|>" in rendered(CHATML, prompt)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"roles": None}, "conv_template.roles"),
        ({"roles": {"user": "u"}}, "conv_template.roles.assistant"),
        ({"seps": []}, "conv_template.seps"),
        ({"seps": "x"}, "conv_template.seps"),
        ({"stop_token_ids": ["x"]}, "conv_template.stop_token_ids"),
    ],
)
def test_what_a_template_lacks_is_named(change, key):
    """A template that cannot be rendered is refused with the key at fault."""
    with pytest.raises(EngineFault) as caught:
        rendered(CHATML | change)
    assert caught.value.facts["artifact.key"] == key


def test_a_template_by_name_only_is_refused():
    """Old configs only name a template that was built into MLC: that is said, not guessed."""
    with pytest.raises(EngineFault) as caught:
        rendered("llama-2")
    assert caught.value.facts["artifact.key"] == "conv_template"
