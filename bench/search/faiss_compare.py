"""Times FAISS's exact float32 search on files that `bench search out=DIR` wrote, and sets it beside our figures.

usage: faiss_compare.py measure DIR [ROUNDS]   appends a line of figures to DIR/faiss.jsonl
       faiss_compare.py table DIR              prints medians over the lines of DIR/ours.jsonl and DIR/faiss.jsonl
Needs python3-faiss and python3-numpy.
"""
import json
import os
import statistics
import sys
import time


def measure(folder, rounds):
    import faiss
    import numpy as np

    threads = os.cpu_count()
    faiss.omp_set_num_threads(threads)
    gallery = np.load(os.path.join(folder, "gallery.npy"))
    queries = np.load(os.path.join(folder, "queries.npy"))
    ours = np.load(os.path.join(folder, "ids.npy"))
    index = faiss.IndexFlatIP(gallery.shape[1])
    index.add(gallery)
    top = ours.shape[1]
    batch, single = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        _, ids = index.search(queries, top)
        batch.append(len(queries) / (time.perf_counter() - started))
        for i in range(10):
            started = time.perf_counter()
            index.search(queries[i : i + 1], top)
            single.append(1 / (time.perf_counter() - started))
    shared = sum(len(set(a) & set(b)) for a, b in zip(ids.tolist(), ours.tolist()))
    line = {
        "threads": threads,
        "version": faiss.__version__,
        "rows": len(gallery),
        "dimension": gallery.shape[1],
        "queries": len(queries),
        "batch": statistics.median(batch),
        "single": statistics.median(single),
        "recall": shared / ours.size,
    }
    with open(os.path.join(folder, "faiss.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def table(folder):
    def lines(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    ours, theirs = lines("ours.jsonl"), lines("faiss.jsonl")

    def median(rows, *path):
        def value(row):
            for key in path:
                row = row[key]
            return row

        return statistics.median(map(value, rows))

    work = 2 * theirs[0]["rows"] * theirs[0]["dimension"]
    size = 4 * theirs[0]["rows"] * theirs[0]["dimension"]
    flat = {key: median(ours, "kinds", "flat", key) for key in ("batch", "single")}
    faiss = {key: median(theirs, key) for key in ("batch", "single")}
    gemm, read = median(ours, "gemm"), median(ours, "read")
    print(f"{theirs[0]['rows']} x {theirs[0]['dimension']}, {len(ours)} rounds in turns, FAISS {theirs[0]['version']} with {theirs[0]['threads']} threads;")
    print(f"float32 matrix product {gemm / 1e9:.0f} GFLOP/s, memory read {read / 1e9:.1f} GB/s")
    print()
    print(f"| what | figure | bar |")
    print(f"|---|---|---|")
    print(f"| batch of {theirs[0]['queries']}: flat | {flat['batch']:.0f} queries/s = {flat['batch'] * work / 1e9:.0f} GFLOP/s | |")
    print(f"| batch: IndexFlatIP | {faiss['batch']:.0f} queries/s = {faiss['batch'] * work / 1e9:.0f} GFLOP/s | |")
    print(f"| batch: flat to IndexFlatIP | {flat['batch'] / faiss['batch']:.2f} x | 1.5 x |")
    print(f"| batch: flat's share of the matrix product's rate | {flat['batch'] * work / gemm:.0%} | 60 % |")
    print(f"| single: flat | {flat['single']:.1f} queries/s = {flat['single'] * size / 1e9:.1f} GB/s | |")
    print(f"| single: IndexFlatIP | {faiss['single']:.1f} queries/s = {faiss['single'] * size / 1e9:.1f} GB/s | |")
    print(f"| single: flat to IndexFlatIP | {flat['single'] / faiss['single']:.2f} x | 2.5 x |")
    print(f"| single: flat's share of the memory's rate | {flat['single'] * size / read:.0%} | 70 % |")
    print(f"| the same top 10 (worst round) | {min(row['recall'] for row in theirs):.5f} | 0.9999 |")
    for kind in ("flat-f16", "flat-int8"):
        single, batch, recall = (median(ours, "kinds", kind, key) for key in ("single", "batch", "recall"))
        bar = "3 x" if kind == "flat-int8" else ""
        print(f"| {kind}: single queries to flat's | {single / flat['single']:.2f} x ({single:.0f} queries/s) | {bar} |")
        print(f"| {kind}: batch to flat's, recall of flat's top 10 | {batch / flat['batch']:.2f} x, {recall:.5f} | {'0.999' if bar else ''} |")


if __name__ == "__main__":
    if len(sys.argv) >= 3 and sys.argv[1] == "measure":
        measure(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 3)
    elif len(sys.argv) == 3 and sys.argv[1] == "table":
        table(sys.argv[2])
    else:
        sys.exit(__doc__)
