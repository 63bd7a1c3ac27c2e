# Sourced by ./demo: starts the service on the made-up area, and keeps it open or, without a terminal, looks at it.
# `bin` is where the commands are, `out` where all of it goes.

data=$out/service
log=$out/service.log      # what the service writes of itself
greeting=$out/service.txt # where it is, and who can sign in
service=""
visit() { "$bin/python" scripts/demo_visit.py "$@"; }

stop() {
  [ -n "$service" ] || return 0
  kill -TERM "$service" 2>/dev/null || true
  wait "$service" || true
  service=""
}
gave_up() {
  printf '%s The last lines of %s:\n' "$1" "$log" >&2
  tail -n 20 "$log" >&2
  stop
  exit 1
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM

port=$(visit port)
say "starting the service on the made-up area; its data is in $data"
printf '\n$ remit serve --demo --data %s --port %s\n' "$data" "$port" >&2
"$bin/remit" serve --demo --data "$data" --port "$port" >"$greeting" 2>"$log" </dev/null &
service=$!
visit wait "$port" "$data" "$service" || gave_up "The service did not come up."

if [ -t 0 ] && [ -t 1 ]; then
  printf '\n'
  cat "$greeting"
  printf '\nTo begin anew another time: rm -r %s\n' "$data"
  wait "$service" || gave_up "The service ended."
  service=""
  exit
fi

# The same files through `remit run`: the pages must say the same pounds.
counted=$data/demonstration
qif=$counted/qif-2024-25-2025-01-31
qof=$counted/qof-england-2024-25-2025-01-31
for one in "qif-2024-25 $qif --set chol004_from=2024-12-05" "qof-england-2024-25 $qof --national $qof/national.csv"; do
  read -r scheme folder more <<<"$one"
  # shellcheck disable=SC2086 # the rest is several words
  "$bin/remit" run "$scheme" --practices "$folder/practices.csv" --counts "$folder/counts.csv" $more --period 2025-01-31 \
    --out "$out/demo-$scheme" --replace >/dev/null 2>&1 || gave_up "remit run could not price the same files."
done
say "what the service says"
visit visit "$port" "$data" "$out/demo-qif-2024-25" "$out/demo-qof-england-2024-25" || gave_up "The visit failed."
stop
say "the service is stopped. With a terminal ./demo leaves it open; ./demo files makes documents without one"
