"""Spec 13, `teams`: what the public can check of the pools of a record (11.2.6)."""

def check_pools(pools, held, experts):
    """Rows (what, expected, found); `held` are rows (party, post, unit, how many hold it)."""
    visits = {}  # {(party, post): {unit: how many hold it}}
    for party, post, unit, holders in held:
        visits.setdefault((party, post), {})[unit] = holders
    sizes, rest = {}, {}
    for pool in pools:
        party, post, units = pool.get("department", experts), pool["post"], pool.get("units", [])
        size = pool["may"] + sum(pool["barred"].values())
        yield f"people of {party}", sizes.setdefault(party, size), size
        yield f"pool of {post}, counts", True, 0 not in pool["barred"].values() and pool.get("units") != []
        yield f"pool of {post}, order", True, ((party, post) not in rest) == (not units) and all(
            a < b for a, b in zip(units, units[1:]))
        here = visits.get((party, post), {})
        yield f"pool of {post}, its visits", [], [unit for unit in units if here.pop(unit, pool["may"] + 1) > pool["may"]]
        rest.setdefault((party, post), pool["may"])
    for key, left in visits.items():
        yield f"pool of {key}, the other visits", True, bool(left) and max(left.values()) <= rest.get(key, -1)
    yield "pools of posts that a visit has", True, set(rest) <= set(visits)
