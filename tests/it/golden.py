"""The expected values of golden.rs, from an implementation that shares no code with the library.

python3 tests/it/golden.py    (standard library only)
"""

MASK = (1 << 64) - 1


def mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def minhash(shingles, slots):
    """Fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017), round by round over a dictionary of slots."""
    won = {}
    for round in range(2 * slots):
        fresh = {}
        for s in shingles:
            h = s if round == 0 else mix(s ^ mix(round))
            slot = h * slots >> 64 if round < slots else round - slots
            fresh[slot] = min(h, fresh.get(slot, MASK))
        for slot, h in fresh.items():
            won.setdefault(slot, h)
    return [won[slot] & 0xFFFFFFFF for slot in range(slots)]


def simhash(shingles, bits):
    out = 0
    for bit in range(bits):
        hashes = [s if bit < 64 else mix(s) for s in set(shingles)]
        ahead = sum(1 if h >> bit % 64 & 1 else -1 for h in hashes)
        out |= (ahead > 0) << bit
    return out


few = [mix(1), mix(2), mix(3)]
many = [mix(n) for n in range(1, 101)]
print("few   ", [f"{v:#010x}" for v in minhash(few, 8)])
print("many  ", [f"{v:#010x}" for v in minhash(many, 8)])
print("sim64 ", f"{simhash(many, 64):#x}")
print("sim128", f"{simhash(many, 128):#x}")
