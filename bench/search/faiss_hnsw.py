"""Times FAISS's IndexHNSWFlat on files that `bench search-hnsw out=DIR` wrote, and sets it beside our figures.

usage: faiss_hnsw.py measure DIR ROUNDS   appends a line of figures to DIR/faiss_hnsw.jsonl; the index is built once and kept as DIR/hnsw.faiss
       faiss_hnsw.py table DIR            prints medians over the lines of DIR/hnsw.jsonl and DIR/faiss_hnsw.jsonl
Both engines get the same links and construction width (taken from our last line), both use all cores. Needs python3-faiss, python3-numpy.
"""
import json
import math
import os
import statistics
import sys
import time


def lines(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def measure(folder, rounds):
    import faiss
    import numpy as np

    ours = lines(folder, "hnsw.jsonl")[-1]
    threads = os.cpu_count()
    faiss.omp_set_num_threads(threads)
    gallery = np.load(os.path.join(folder, "gallery.npy"))
    queries = np.load(os.path.join(folder, "queries.npy"))
    exact = [set(row) for row in np.load(os.path.join(folder, "exact.npy")).tolist()]
    top = len(exact[0])
    kept = os.path.join(folder, "hnsw.faiss")
    seconds = 0.0
    if os.path.exists(kept):
        index = faiss.read_index(kept)
    else:
        index = faiss.IndexHNSWFlat(gallery.shape[1], ours["m"], faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = ours["efc"]
        started = time.perf_counter()
        index.add(gallery)
        seconds = time.perf_counter() - started
        faiss.write_index(index, kept)
    sweep = []
    for ef in [point["ef"] for point in ours["sweep"]]:
        index.hnsw.efSearch = ef
        _, ids = index.search(queries, top)
        recall = sum(len(right & set(mine)) for right, mine in zip(exact, ids.tolist())) / (top * len(exact))
        batch, single = [], []
        for _ in range(rounds):
            started = time.perf_counter()
            index.search(queries, top)
            batch.append(len(queries) / (time.perf_counter() - started))
            some = min(len(queries), 256)
            started = time.perf_counter()
            for i in range(some):
                index.search(queries[i : i + 1], top)
            single.append(some / (time.perf_counter() - started))
        sweep.append({"ef": ef, "recall": recall, "batch": statistics.median(batch), "single": statistics.median(single)})
    line = {
        "version": faiss.__version__,
        "threads": threads,
        "build": seconds,
        "bytes": os.path.getsize(kept),
        "sweep": sweep,
    }
    with open(os.path.join(folder, "faiss_hnsw.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def merged(rows):
    """Medians over rounds, in order of the widths; recall of an index that is built once does not change."""
    points = []
    for of_one_width in zip(*[row["sweep"] for row in rows]):
        points.append({key: statistics.median(point[key] for point in of_one_width) for key in ("ef", "recall", "batch", "single")})
    return points


def at(points, recall, key):
    """The rate at a recall, between the two widths around it (rate and width on a logarithmic scale); and whether it lies within the sweep."""
    if points[0]["recall"] >= recall:
        return points[0][key], points[0]["ef"], "the narrowest search"
    for low, high in zip(points, points[1:]):
        if low["recall"] < recall <= high["recall"]:
            share = (recall - low["recall"]) / (high["recall"] - low["recall"])

            def between(name):
                return math.exp((1 - share) * math.log(low[name]) + share * math.log(high[name]))

            return between(key), between("ef"), ""
    return None, None, "not reached"


def table(folder):
    ours, theirs = lines(folder, "hnsw.jsonl"), lines(folder, "faiss_hnsw.jsonl")
    mine, other = merged(ours), merged(theirs)
    head = ours[0]
    print(f"{head['rows']} x {head['dimension']}, m {head['m']} and construction width {head['efc']} for both, {len(ours)} rounds in turns,")
    print(f"FAISS {theirs[0]['version']} with {theirs[0]['threads']} threads")
    print()
    print("| | ours | IndexHNSWFlat | ratio |")
    print("|---|---|---|---|")
    build, built = max(row["build"] for row in ours), max(row["build"] for row in theirs)
    print(f"| built in | {build:.1f} s | {built:.1f} s | {built / build:.2f} x |" if build and built else "| built in | - | - | - |")
    print(f"| memory (FAISS: its file) | {head['bytes'] / 1e6:.0f} MB | {theirs[0]['bytes'] / 1e6:.0f} MB | |")
    for recall in (0.90, 0.95, 0.99):
        for key, name in (("batch", "batch"), ("single", "single queries")):
            a, width, why = at(mine, recall, key)
            b, its_width, its_why = at(other, recall, key)
            if a is None or b is None:
                print(f"| recall@10 {recall:.2f}, {name} | {'-' if a is None else f'{a:.0f}/s'} {why} | {'-' if b is None else f'{b:.0f}/s'} {its_why} | |")
                continue
            note = f" ({why})" if why else ""
            its_note = f" ({its_why})" if its_why else ""
            print(f"| recall@10 {recall:.2f}, {name} | {a:.0f}/s at ef {width:.0f}{note} | {b:.0f}/s at ef {its_width:.0f}{its_note} | {a / b:.2f} x |")
    print()
    print("| ef | recall | batch/s | single/s | FAISS recall | batch/s | single/s |")
    print("|---|---|---|---|---|---|---|")
    for a, b in zip(mine, other):
        print(f"| {a['ef']:.0f} | {a['recall']:.4f} | {a['batch']:.0f} | {a['single']:.0f} | {b['recall']:.4f} | {b['batch']:.0f} | {b['single']:.0f} |")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "measure":
        measure(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) == 3 and sys.argv[1] == "table":
        table(sys.argv[2])
    else:
        sys.exit(__doc__)
