"""Weighs what the rules said against each other: votes in, a probability for each category out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from . import lexicon
from .chatter import Tone, tone
from .fusion_table import CALIBRATION_TOGETHER, SAY
from .rules import HINTS, INDEX, STATE_RULES, Scene, TextRule, Vote, frames, priors
from .taxonomy import Category
from .text import line_at

#: A vote at least this strong is a cause: what comes after it is counted as its consequence.
CAUSE = 0.7
#: What a later error's odds are worth beside an earlier cause.
LATER = 0.4
#: Odds of words beside a category that a check declared: most are the check's own sentence, or what it led to.
CHECKED = 0.06
#: What a wrapper's odds are worth beside a cause.
WRAPPER = 0.25
#: Only where no vote is at least this strong are single words asked.
HINTED = 0.4
#: From this weight on a vote that is no wrapper's puts the wrappers aside.
KNOWN = 0.4
#: What the odds of a line of debugging, information or warning are worth; beside a cause that is no such line;
#: of what programs say while nothing is wrong, beside anything else.
QUIET = 0.6
HUSHED = 0.2
USUAL = 0.04
#: What a score is worth where a rule as strong as a cause speaks for something that the winner does not imply.
CONTESTED = 0.95
STRONG = 0.8
#: How much a further rule for the same category adds to the strongest.
AGREEMENT = 0.35
#: No verdict is surer than this.
CERTAIN = 0.985
#: The odds that stay for what no rule knows.
REST = 0.1

#: Weights are cautious: what is said with the first figure was right at least as often as the second, on labelled
#: reports, with a margin for those that no rule was written for. Between the points the line is straight.
CALIBRATION: tuple[tuple[float, float], ...] = (
    (0.3, 0.36),
    (0.4, 0.47),
    (0.5, 0.6),
    (0.6, 0.7),
    (0.7, 0.79),
    (0.8, 0.865),
    (0.85, 0.9),
    (0.9, 0.94),
    (1.0, 0.985),
)

#: The lexicon is not asked where something else than words speaks with at least this weight.
SEEN = 0.6
#: Fewer known words than this say less than the rules that know them as a phrase.
ENOUGH = 8
#: Where no rule knows a phrase, no verdict is surer, whatever the words say.
UNPHRASED = 0.89

_WORDS_ONLY = tuple(rule for rule in STATE_RULES if rule.words_only)


_ORDERS: dict[tuple[str, ...], list[tuple[Category, float, int]]] = {}
_ORDERS_KEPT = 4096


class Ranked(NamedTuple):
    """One category with its probability and the vote that says most for it."""

    category: Category
    score: float
    vote: Vote


def collect(scene: Scene) -> tuple[list[Vote], list[str]]:
    """What each rule says, and a note for each rule that failed."""
    votes: list[Vote] = []
    notes: list[str] = []
    _ask(INDEX.places(scene.text, scene.low), scene, votes, notes)
    evidence = scene.evidence
    if evidence.signal or evidence.exit_code is not None:
        # The word for how the process ended is no second witness beside the end itself.
        votes = [vote for vote in votes if vote.rule != "killed"]
    for state in _WORDS_ONLY if plain(scene) else STATE_RULES:
        try:
            votes.extend(state.judge(scene))
        except Exception as error:
            notes.append(f"rule {state.name} failed: {type(error).__name__}: {error}")
    if all(vote.weight < HINTED for vote in votes):
        _ask(HINTS.places(scene.text, scene.low), scene, votes, notes)
        votes.extend(frames(scene))
        votes.extend(priors(scene))
    return votes, notes


def _ask(
    places: Iterable[tuple[TextRule, int, int]], scene: Scene, votes: list[Vote], notes: list[str]
) -> None:
    """Add what the rules whose patterns match say of the text."""
    for rule, start, end in places:
        try:
            if rule.applies(scene):
                votes.append(
                    Vote(
                        rule.name,
                        rule.category,
                        rule.weight,
                        rule.reason,
                        "",
                        start,
                        rule.wrapper,
                        rule.also,
                        end,
                    )
                )
        except Exception as error:
            notes.append(f"rule {rule.name} failed: {type(error).__name__}: {error}")


def rank(scene: Scene, votes: Sequence[Vote]) -> list[Ranked]:
    """The categories that the votes speak for, most probable first; the scores add up to at most 1.

    Where nothing but words is known, the lexicon has its say too.
    """
    ranked = by_rules(scene, votes)
    spoken = lexicon.speaks_for(scene, votes) if asked(scene, votes) else None
    if not spoken or not spoken.shares:
        return calibrated(ranked, CALIBRATION)
    both = together(ranked, spoken.shares, say(ranked, spoken.words))
    ranks = calibrated(both, CALIBRATION_TOGETHER)
    if ranks[0].score > UNPHRASED and all(vote.weight < HINTED for vote in votes):
        ranks[0] = ranks[0]._replace(score=UNPHRASED)
    return ranks


def asked(scene: Scene, votes: Sequence[Vote]) -> bool:
    """Whether the lexicon may speak: nothing but words is known, and nothing in them was seen that is no wording."""
    return plain(scene) and not any(vote.end < 0 and vote.weight >= SEEN for vote in votes)


def say(ranked: Sequence[Ranked], words: int, shares: Sequence[tuple[float, float]] = SAY) -> float:
    """What the lexicon's word counts, of 1, where the rules are as sure as this and so many words are known."""
    best = ranked[0].score if ranked else 0.0
    return next(share for below, share in shares if best < below) * min(1.0, words / ENOUGH)


def together(ranked: Sequence[Ranked], shares: dict[Category, float], say: float) -> list[Ranked]:
    """Both halves' scores of each category as one, that of the lexicon's shares counting `say` of 1."""
    shares = shares.copy()
    both = [
        Ranked(
            item.category,
            (1 - say) * item.score + say * shares.pop(item.category, 0.0),
            item.vote,
        )
        for item in ranked
    ]
    both += [
        Ranked(category, say * share, lexicon.vote(category, share)) for category, share in shares.items()
    ]
    both.sort(key=_score, reverse=True)
    return both


def plain(scene: Scene) -> bool:
    """Whether the evidence is nothing but error texts, a phase and a description of the machine."""
    evidence = scene.evidence
    return not (
        evidence.facts
        or evidence.exchanges
        or evidence.hung
        or evidence.signal
        or evidence.exit_code is not None
    )


def by_rules(scene: Scene, votes: Sequence[Vote]) -> list[Ranked]:
    """The ranks by the rules alone, their scores as the weights give them."""
    low = scene.low
    hushed = "\n" in low or "info" in low or "debug" in low or "warn" in low or "note" in low
    if hushed or any(vote.end < 0 for vote in votes):
        return _rank(low, votes, hushed=hushed)
    # On one line the places of the words decide nothing: the same rules always give the same ranks.
    key = tuple([vote.rule for vote in votes])
    order = _ORDERS.get(key)
    if order is None:
        ranked = _rank(low, votes, hushed=False)
        if len(_ORDERS) >= _ORDERS_KEPT:
            _ORDERS.clear()
        _ORDERS[key] = [(item.category, item.score, votes.index(item.vote)) for item in ranked]
        return ranked
    return [Ranked(category, score, votes[place]) for category, score, place in order]


def _rank(low: str, votes: Sequence[Vote], *, hushed: bool) -> list[Ranked]:
    tones = (
        [tone(low, vote.position) if vote.position >= 0 else Tone.LOUD for vote in votes] if hushed else None
    )
    spoken = tones is not None and Tone.LOUD in tones
    first, known, declared = -1, False, False
    for place, vote in enumerate(votes):
        if vote.wrapper:
            continue
        known = known or (vote.weight >= KNOWN and not (tones and tones[place] is Tone.USUAL))
        declared = declared or vote.rule == "declared"
        position = vote.position
        if vote.weight >= CAUSE and position >= 0 and (first < 0 or position < first):
            first = first if tones and tones[place] is not Tone.LOUD else position
    cause_at = line_at(low, first)[1] if first >= 0 else -1
    tallies: dict[Category, list[tuple[float, int]]] = {}
    for place, vote in enumerate(votes):
        factor = 1.0
        if tones and tones[place] is not Tone.LOUD:
            factor = QUIET if first < 0 and tones[place] is Tone.QUIET else HUSHED
            if tones[place] is Tone.USUAL and spoken:
                factor = USUAL
        if declared and vote.position >= 0:
            # A check that looked at the thing itself knows better than the words of what it led to.
            factor *= CHECKED
        if vote.wrapper and known:
            factor *= WRAPPER
        elif vote.position > cause_at >= 0:
            factor *= LATER
        for category, weight in ((vote.category, vote.weight), *vote.also):
            if factor != 1:
                odds = factor * weight / (1 - weight)
                weight = odds / (1 + odds)  # noqa: PLW2901 - the weight that has those odds
            if category in tallies:
                tallies[category].append((weight, place))
            else:
                tallies[category] = [(weight, place)]
    ranked = _shares(tallies, votes)
    if ranked and _contested(ranked[0], votes, tones):
        ranked[0] = ranked[0]._replace(score=ranked[0].score * CONTESTED)
    return ranked


def _contested(winner: Ranked, votes: Sequence[Vote], tones: Sequence[Tone] | None) -> bool:
    """Whether a strong vote speaks for a category that neither it nor the winner's vote brings together with the winner."""
    implied = {winner.category, *(category for category, _ in winner.vote.also)}
    for place, vote in enumerate(votes):
        if vote.weight < STRONG or vote.wrapper or vote.category in implied:
            continue
        if tones and tones[place] is not Tone.LOUD:
            continue
        if all(category is not winner.category for category, _ in vote.also):
            return True
    return False


def _shares(tallies: Mapping[Category, list[tuple[float, int]]], votes: Sequence[Vote]) -> list[Ranked]:
    weighed: list[tuple[float, float, Category, Vote]] = []
    total = REST
    for category, tally in tallies.items():
        tally.sort(reverse=True)
        best, place = tally[0]
        # The strongest vote, raised a little by others of other rules.
        doubt = 1 - best
        for weight, _ in tally[1:4]:
            doubt *= 1 - AGREEMENT * weight * weight
        weight = min(CERTAIN, 1 - doubt)
        odds = weight / (1 - weight)
        total += odds
        weighed.append((odds, weight, category, votes[place]))
    ranked = [Ranked(category, min(odds / total, weight), vote) for odds, weight, category, vote in weighed]
    ranked.sort(key=_score, reverse=True)
    return ranked


def _score(item: Ranked) -> float:
    return item.score


def calibrated(ranked: list[Ranked], table: tuple[tuple[float, float], ...]) -> list[Ranked]:
    """The same order, with the first score as often right as it says and the others within what is left."""
    if not ranked:
        return ranked
    first, rest = ranked[0], ranked[1:]
    score = _calibrate(first.score, table)
    left = sum(item.score for item in rest)
    factor = min(1.0, (1 - score) / left) if left > 0 else 1.0
    return [
        Ranked(first.category, score, first.vote),
        # What is seldom right is said of the first with less than its score; no other is surer then.
        *(Ranked(item.category, min(score, item.score * factor), item.vote) for item in rest),
    ]


def _calibrate(score: float, table: tuple[tuple[float, float], ...]) -> float:
    below = 0.0, 0.0
    for point in table:
        if score <= point[0]:
            share = (score - below[0]) / (point[0] - below[0])
            return below[1] + share * (point[1] - below[1])
        below = point
    return below[1]
