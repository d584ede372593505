#!/usr/bin/env bash
# Exact search against FAISS (Debian's python3-faiss) and against the machine's limits, on the same files, in turns; prints one table.
# usage: bench/search/run.sh OUT [ROUNDS] [real=EMBEDDINGS.npy] [rows=N]
# Random unit vectors unless real= names embeddings (bench embed-crops MODEL.onnx CROPS.zip EMBEDDINGS.npy writes them).
# usage: bench/search/run.sh OUT ROUNDS hnsw [real=EMBEDDINGS.npy] [rows=N] [m=N] [efc=N] [widths=A,B,…]
# The same for approximate search beside IndexHNSWFlat: sweeps of the search width over made-up people (200,000 rows), or with real= over real
# embeddings (rows=0: those alone). Both engines build once, in the first round; FAISS takes some ten minutes for 200,000 × 512.
# FAISS needs an optimised BLAS for a fair comparison: apt-get install libopenblas0-pthread.
# PYTHON names an interpreter that has faiss (default: /usr/bin/python3). OUT takes about 0.5 GB at 200,000 rows.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="${1:?OUT is missing: a folder for the files and figures}" rounds="${2:-3}"
shift; shift || true
python="${PYTHON:-/usr/bin/python3}"
mkdir -p "$out"
dotnet build "$here/../Semblance.Bench" -c Release -v quiet -nologo > /dev/null
if [[ "${1:-}" == hnsw ]]; then
  shift
  rm -f "$out"/{hnsw.jsonl,faiss_hnsw.jsonl,hnsw.index,hnsw.faiss}
  for ((round = 1; round <= rounds; round++)); do
    dotnet run --project "$here/../Semblance.Bench" -c Release --no-build -- search-hnsw rounds=2 out="$out" $( ((round > 1)) && echo load=1) "$@" >&2
    "$python" "$here/faiss_hnsw.py" measure "$out" 1
  done
  "$python" "$here/faiss_hnsw.py" table "$out"
  exit
fi
rm -f "$out/ours.jsonl" "$out/faiss.jsonl"
for ((round = 1; round <= rounds; round++)); do
  dotnet run --project "$here/../Semblance.Bench" -c Release --no-build -- search rounds=2 out="$out" "$@" >&2
  "$python" "$here/faiss_compare.py" measure "$out" 2
done
"$python" "$here/faiss_compare.py" table "$out"
