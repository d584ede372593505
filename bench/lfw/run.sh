#!/usr/bin/env bash
# Trains configs of this folder on LFW without outside data and evaluates folds 9 and 10, whose people are left out of training.
# usage: bench/lfw/run.sh SHARED_DATA OUT SEED CONFIG[:FROM]...
# A config is a name in this folder without .yaml. With :FROM it starts from the backbone of that run of the same seed; its own run is
# then called CONFIG-from-FROM.
# SEMBLANCE names the tool (default: dotnet run). One line a run goes to OUT/results.tsv.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
data="$1" out="$2" seed="$3"
shift 3
read -r -a tool <<< "${SEMBLANCE:-dotnet run --project $here/../../src/Semblance.Cli -c Release --}"
mkdir -p "$out"
"${tool[@]}" data identities --pairs "$data/lfw-pairs.txt" --folds 9,10 --out "$out/test-people-$seed.txt" > /dev/null
field() { grep -oE "\"$2\": *[-0-9.e]+" "$1" | head -n 1 | sed 's/.*: *//'; }
for name in "$@"; do
  config="${name%%:*}"
  label="${name//:/-from-}"
  run="$out/$label-$seed"
  from=()
  if [[ "$name" == *:* ]]; then
    from=(--init "$out/${name#*:}-$seed")
  fi
  "${tool[@]}" train --config "$here/$config.yaml" --data "$data/lfw-112.zip" --exclude-identities "$out/test-people-$seed.txt" \
    "${from[@]}" --seed "$seed" --out "$run" --json > "$run.train.json" 2> "$run.train.log"
  "${tool[@]}" evaluate --model "$run" --data "$data/lfw-112.zip" --pairs "$data/lfw-pairs.txt" --folds 9,10 --json \
    > "$run.eval.json" 2> "$run.eval.log"
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$label" "$seed" "$(field "$run.train.json" training_seconds)" \
    "$(field "$run.train.json" images_per_second)" "$(field "$run.eval.json" accuracy)" "$(field "$run.eval.json" auc)" \
    "$(field "$run.eval.json" eer)" | tee -a "$out/results.tsv"
done
