"""`probe --differential`: makes the further probes, says what each asked and found, and what they say together."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from localloom_agent.differential import Conclusion, Experiment, Question, conclude, experiment, further

if TYPE_CHECKING:
    from localloom_agent.supervisor.record import RunRecord
    from localloom_agent.supervisor.run import Plan, Supervisor

QUESTIONS = {
    "en": {
        Question.CANARY: "the canary, same engine and device",
        Question.CPU: "the same model on the CPU",
        Question.CANARY_ON_CPU: "the canary on the CPU",
        Question.HUB: "the hub, asked for anything at all",
        Question.SMALLER: "a smaller model, same device",
        Question.EMPTY_CACHE: "the same model in a new browser profile",
        Question.PROBES_PAGE: "the canary in the probe's own page",
        Question.OTHER_HOST: "the same model in a page",
        Question.SOFTWARE: "the same model on the software adapter",
        Question.HARDWARE: "the same model on the GPU",
        Question.NATIVE: "the canary in the native engine",
    },
    "es": {
        Question.CANARY: "el canario, mismo motor y dispositivo",
        Question.CPU: "el mismo modelo en la CPU",
        Question.CANARY_ON_CPU: "el canario en la CPU",
        Question.HUB: "el hub, preguntado por cualquier cosa",
        Question.SMALLER: "un modelo más pequeño, mismo dispositivo",
        Question.EMPTY_CACHE: "el mismo modelo en un perfil nuevo del navegador",
        Question.PROBES_PAGE: "el canario en la página de la propia sonda",
        Question.OTHER_HOST: "el mismo modelo en una página",
        Question.SOFTWARE: "el mismo modelo en el adaptador por software",
        Question.HARDWARE: "el mismo modelo en la GPU",
        Question.NATIVE: "el canario en el motor nativo",
    },
}

CONCLUSIONS = {
    "en": {
        Conclusion.MODEL: "The engine and the device are well: the fault is in this model, or in how it was fetched.",
        Conclusion.MODEL_ON_DEVICE: "The model is well, and so is the device: it is this model on this device that "
        "fails. Memory and missing features of the device come first.",
        Conclusion.DEVICE: "The CPU does what the device does not: the fault is in the device or its driver.",
        Conclusion.INSTALLATION: "Not even the canary works: the fault is in the engine's installation or in the "
        "machine, whatever the model.",
        Conclusion.MEMORY: "A smaller model works: the memory does not hold this one.",
        Conclusion.NETWORK: "The hub does not answer at all: the fault is in the network between this machine and it, "
        "not in the model.",
        Conclusion.MODEL_AT_HUB: "The hub answers: the fault is in this model there, or in the access to it.",
        Conclusion.CACHE: "In a new profile it works: what the browser has kept for this site is broken. Delete the site's "
        "data.",
        Conclusion.PAGE: "The browser runs web-llm well: the fault is in the page or extension itself.",
        Conclusion.HOST: "In a page it works: the fault is in the worker, service worker or extension around the engine.",
        Conclusion.BROWSER: "The machine computes well outside the browser: the fault is in the browser, or in its WebGPU.",
        Conclusion.REQUEST: "What was asked for cannot be done on any machine: no further probe would tell more.",
        Conclusion.OPEN: "The further probes tell the causes not apart.",
    },
    "es": {
        Conclusion.MODEL: "El motor y el dispositivo están bien: el fallo está en este modelo, o en su descarga.",
        Conclusion.MODEL_ON_DEVICE: "El modelo está bien, y el dispositivo también: lo que falla es este modelo en "
        "este dispositivo. Mire primero la memoria y las funciones que le falten al dispositivo.",
        Conclusion.DEVICE: "La CPU hace lo que el dispositivo no hace: el fallo está en el dispositivo o en su "
        "controlador.",
        Conclusion.INSTALLATION: "Ni siquiera el canario funciona: el fallo está en la instalación del motor o en la "
        "máquina, sea cual sea el modelo.",
        Conclusion.MEMORY: "Un modelo más pequeño funciona: este no cabe en la memoria.",
        Conclusion.NETWORK: "El hub no responde en absoluto: el fallo está en la red entre esta máquina y él, no en el "
        "modelo.",
        Conclusion.MODEL_AT_HUB: "El hub responde: el fallo está en este modelo allí, o en el acceso a él.",
        Conclusion.CACHE: "En un perfil nuevo funciona: lo que el navegador guarda para este sitio está dañado. Borre los "
        "datos del sitio.",
        Conclusion.PAGE: "El navegador ejecuta bien web-llm: el fallo está en la página o en la extensión misma.",
        Conclusion.HOST: "En una página funciona: el fallo está en el worker, el service worker o la extensión que rodea al "
        "motor.",
        Conclusion.BROWSER: "La máquina calcula bien fuera del navegador: el fallo está en el navegador, o en su WebGPU.",
        Conclusion.REQUEST: "Lo que se pidió no puede hacerse en ninguna máquina: más sondeos no dirían más.",
        Conclusion.OPEN: "Los demás sondeos no distinguen entre las causas.",
    },
}


@dataclasses.dataclass(frozen=True, slots=True)
class Differential:
    """The further probes of one failed run."""

    experiments: tuple[Experiment, ...]
    conclusion: Conclusion
    lang: str

    def to_json(self) -> dict[str, Any]:
        """The part of the document that tells of them."""
        return {
            "runs": [
                {
                    "question": e.question.value,
                    "run_id": e.run_id,
                    "outcome": e.outcome.value if e.outcome else None,
                    "category": e.category.value if e.category else None,
                }
                for e in self.experiments
            ],
            "conclusion": self.conclusion.value,
            "because": CONCLUSIONS[self.lang][self.conclusion],
        }

    def lines(self) -> list[str]:
        """What worked, what did not, and the conclusion."""
        said = []
        for e in self.experiments:
            result = e.outcome.value if e.outcome else ""
            detail = f" ({e.category.value})" if e.category else ""
            said.append(f"{'✓' if e.passed else '✗'} {QUESTIONS[self.lang][e.question]}: {result}{detail}")
        return [*said, CONCLUSIONS[self.lang][self.conclusion]]


def differentiate(supervisor: Supervisor, plan: Plan, record: RunRecord) -> Differential:
    """Make the further probes that this failure calls for, the shortest first."""
    results: dict[Question, Experiment] = {}
    questions = further(plan, record)
    answer: bool | None = None
    while True:
        try:
            question = next(questions) if answer is None else questions.send(answer)
        except StopIteration:
            break
        asked = experiment(question, plan, record)
        click.echo(f"further probe: {QUESTIONS[plan.lang][question]} …", err=True)
        found = supervisor.run(asked.plan)
        results[question] = dataclasses.replace(
            asked,
            outcome=found.outcome,
            category=found.diagnosis.category if found.diagnosis else None,
            run_id=found.run_id,
        )
        answer = results[question].passed
        if found.outcome is not None and found.outcome.value == "cancelled":
            break
    return Differential(tuple(results.values()), conclude(plan, record, results), plan.lang)
