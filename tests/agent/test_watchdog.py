"""Hung is told from slow."""

from localloom_agent.supervisor.watchdog import DEFAULT_LIMITS, Limit, Watchdog, limits
from localloom_diagnosis.taxonomy import Phase

LIMITS = dict.fromkeys(Phase, Limit(10, 100))


def test_no_progress_and_no_cpu_is_a_hang():
    """After the idle limit, and not before."""
    dog = Watchdog(LIMITS, progress_at=0.0, phase=Phase.LOAD)
    dog.worked(1, 5.0)
    assert dog.check(9.9) is None
    hang = dog.check(10.1)
    assert (hang.phase, hang.limit_s, hang.busy) == (Phase.LOAD, 10, False)


def test_a_tenth_of_a_core_is_work():
    """A process that gets 0.05 CPU seconds in half a second is slow, not hung."""
    dog = Watchdog(LIMITS, progress_at=0.0)
    for tick in range(180):
        dog.worked(tick * 0.5, tick * 0.05)
        assert dog.check(tick * 0.5) is None


def test_slower_than_the_sampling_interval_still_counts():
    """CPU time that comes in crumbs adds up between two marks."""
    dog = Watchdog(LIMITS, progress_at=0.0)
    for tick in range(180):
        dog.worked(tick * 0.5, tick * 0.01)
        assert dog.check(tick * 0.5) is None


def test_busy_without_progress_is_a_hang_in_the_end():
    """A child that spins uses its CPU and gets nowhere."""
    dog = Watchdog(LIMITS, progress_at=0.0)
    for tick in range(201):
        dog.worked(tick * 0.5, tick * 0.5)
        assert dog.check(tick * 0.5) is None
    dog.worked(100.6, 100.6)
    assert dog.check(100.6).busy


def test_progress_starts_the_clock_anew():
    """Any report is a sign of life, and may open the next phase with its own limit."""
    dog = Watchdog({**LIMITS, Phase.COMPILE: Limit(50, 50)}, progress_at=0.0)
    dog.progressed(9, Phase.COMPILE)
    assert dog.check(58) is None
    assert dog.check(60).phase is Phase.COMPILE


def test_the_users_limits_replace_the_defaults():
    """For one phase, for all, and the one phase wins."""
    mine = limits(7, {Phase.LOAD: 3})
    assert mine[Phase.LOAD] == Limit(3, 3)
    assert mine[Phase.GENERATE] == Limit(7, 7)
    assert limits(None, {}) == dict(DEFAULT_LIMITS)


def test_bytes_and_the_gpu_are_work_too():
    """A load from a slow disk, or a long kernel, uses no CPU: it is not a hang."""
    dog = Watchdog(LIMITS, progress_at=0.0)
    for tick in range(40):
        dog.worked(tick, 1.0, io_bytes=tick * 100_000)
        assert dog.check(tick) is None
    for tick in range(40, 80):
        dog.worked(tick, 1.0, io_bytes=3_900_000, gpu_busy=True)
        assert dog.check(tick) is None
    assert dog.check(90).busy is False
