# SPDX-License-Identifier: Apache-2.0
"""How punctual adverts are. A Master keeps to a schedule, so an advert of a group is due a whole number of intervals after each other advert of the
group."""


def each(adverts, interval_ns):
    """Returns (lateness in us, when, (family, vrid)) of each advert, relative to the most punctual advert of its group. `adverts` as returned by
    Capture."""
    times = {}
    for when, _port, advert in adverts:
        if advert.priority:
            times.setdefault((advert.family, advert.vrid), []).append(when)
    late = []
    for group, whens in times.items():
        phases = [when - round((when - whens[0]) / interval_ns) * interval_ns for when in whens]
        late += [((phase - min(phases)) / 1000, when, group) for phase, when in zip(phases, whens)]
    return late


def of(adverts, interval_ns):
    """Returns only the latenesses, in us, sorted."""
    return sorted(late for late, _when, _group in each(adverts, interval_ns))


def missed(adverts, interval_ns):
    """Returns how many intervals of a group's schedule have no advert. The result is negative if the first advert seen was so late that the next
    advert lies in the same interval."""
    times = {}
    for when, _port, advert in adverts:
        times.setdefault((advert.family, advert.vrid), []).append(when)
    return sum(round((later - earlier) / interval_ns) - 1 for whens in times.values() for earlier, later in zip(whens, whens[1:]))


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def excess(busy, quiet):
    """Returns how much later `busy` is than `quiet`, in us: the larger difference of their medians and 99th percentiles."""
    return max(percentile(busy, share) - percentile(quiet, share) for share in (0.5, 0.99))


def calmest(samples):
    return min(samples, key=lambda late: percentile(late, 0.99))


def least_disturbed(attempt, limit, attempts=5):
    """Returns the first attempt within the limit, or the best one. Other programs can only increase a lateness."""
    results = []
    while len(results) < attempts and (not results or results[-1] > limit):
        results.append(attempt())
    return min(results)


def summary(ordered):
    return f"median {percentile(ordered, 0.5):6.0f}  p99 {percentile(ordered, 0.99):6.0f}  worst {ordered[-1]:6.0f} us (n = {len(ordered)})"
