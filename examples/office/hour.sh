#!/usr/bin/env bash
# A newcomer's hour: the three draws of a task's year of 泉州, from an empty folder to a publication that a stranger verifies, with what goes wrong in
# between.
#   bash examples/office/hour.sh [FOLDER] [DATABASE]
# It runs the program `office` of target/debug (OFFICE names another), and stops at the first surprise. Salt keys and secrets are public,
# so that the hour is the same every time; an office leaves them to the operating system.
set -euo pipefail
examples="$(cd "$(dirname "$0")/.." && pwd)"
out="${1:-$(mktemp -d)}"; mkdir -p "$out"; out="$(cd "$out" && pwd)"
export DOUBLE_RANDOM_DATABASE="${2:-$out/office.db}" DOUBLE_RANDOM_ACTOR=clerk DOUBLE_RANDOM_REHEARSAL=1 LANG=C
office="${OFFICE:-$examples/../target/debug/office}"
place=https://wsjd.quanzhou.example/2026
say() { printf '\n# %s\n' "$*"; }
run() { printf '$ office %s\n' "$*"; "$office" "$@" --quiet; }
# The command must end with this exit status.
ends() {
  local wanted=$1 got=0; shift
  printf '$ office %s\n' "$*"; "$office" "$@" --quiet || got=$?
  [ "$got" = "$wanted" ] || { echo "exit status $got, not $wanted"; exit 1; }
}
cd "$out"
echo "a photograph of a closed door" >door.jpg
echo "a sick note" >sick.pdf
printf '5a%.0s' {1..32} >key.txt
printf '6b%.0s' {1..32} >secret.txt

say "Rules and registers: pack and programme of the city, its shipped rosters, what is on file about its institutions"
data="$examples/data/five_cities"
run init --pack "$examples/rules/quanzhou.json" --programme "$examples/rules/quanzhou-2026.json" --salt-key key.txt --at 2026-02-20T01:00:00Z
run import units "$data/quanzhou_units.csv" --yes --at 2026-02-20T01:10:00Z
run import officers "$data/officers.csv" --where city=quanzhou --yes --at 2026-02-20T01:11:00Z
run import experts "$data/experts.csv" --where city=quanzhou --yes --at 2026-02-20T01:12:00Z
run import recusals "$data/recusals.csv" --where city=quanzhou --yes --at 2026-02-20T01:13:00Z
run import entries "$data/entries.csv" --where city=quanzhou --yes --at 2026-02-20T01:14:00Z

say "What the notices say that only the office knows"
run notice issuer=泉州市卫生健康委员会（演示） phone=0595-00000000 objections=泉州市卫生健康委员会法规科（演示） period=自公示之日起三十日 plan-number=泉卫双随机〔2026〕1号（演示） place=泉州市公证处（演示） --at 2026-02-20T01:15:00Z

say "The year as a whole"
run check
say "Six rounds in place of three, tried before they are adopted: three seeds, one year"
run study --task medical --rounds 6 --years 1 --seeds 3 --lang en

# The institutions of the task list as it stands, in its order.
drawn() { "$office" export tasks --task medical --out list.csv --lang en --quiet >list.log; tail -n +2 list.csv | cut -d, -f1 | uniq; }

# One round: its number, the days of plan, seal, dice, publication and visits, and what the dice showed.
round() {
  local batch=$1 planned=$2 sealed=$3 dice=$4 published=$5 visits=$6 faces=$7
  say "Round $batch: adopt, seal, publish the seal; the notary throws; draw, publish"
  run plan --task medical --adopt --approved-by director --at "${planned}T02:00:00Z"
  run seal --task medical --salt-key key.txt --secret secret.txt --at "${sealed}T03:00:00Z"
  run publish --out www --where "$place" --at "${sealed}T04:00:00Z"
  ends 4 draw --task medical
  run beacon --task medical --value "dice=$faces" --at "${dice}T03:10:00Z"
  # A newspaper was there, and wrote down what the dice have shown.
  mkdir -p newspaper; printf '[{"source":"dice","value":"%s"}]\n' "$faces" >"newspaper/$batch.1.json"
  run draw --task medical --at "${dice}T03:20:00Z"
  run draw --task medical --at "${dice}T03:21:00Z"
  run publish --out www --where "$place" --at "${published}T02:00:00Z"
  run export tasks --task medical --out "tasks-$batch.xlsx"
  run export notices --task medical --out "notices-$batch.csv"

  say "Round $batch: two institutions are closed, an officer is ill"
  local units ill
  mapfile -t units < <(drawn)
  ill=$(grep "^${units[2]}," list.csv | head -n 1 | cut -d, -f7)
  run replace --task medical --unit "${units[0]}" --reason closed --evidence door.jpg --approved-by director --at "${visits}T01:00:00Z"
  run replace --task medical --unit "${units[1]}" --reason closed --evidence door.jpg --approved-by director --at "${visits}T01:05:00Z"
  run replace --task medical --officer "$ill" --reason ill --evidence sick.pdf --approved-by head --level office --at "${visits}T01:10:00Z"

  say "Round $batch: results"
  { echo "检查对象,检查日期,检查结果"
    drawn | awk -v day="$visits" '{ print $1 "," day "," (NR % 9 == 0 ? "violation" : "no_problem") }'; } >"results-$batch.csv"
  run result "results-$batch.csv" --task medical --approved-by head --level office --at "${visits}T09:00:00Z"
  # A register without the institutions that were drawn: their visits would vanish from the account of the year.
  head -n 3 "$data/quanzhou_units.csv" >short.csv
  ends 4 import units short.csv --yes
  run publish --out www --where "$place" --at "${visits}T10:00:00Z"
  say "Round $batch: until now the public saw no institution and no officer; the visits are made, so the draw is disclosed"
  [ ! -e "www/2026-medical/draws/$batch.1/record.json" ] || { echo "a record before its disclosure"; exit 1; }
  "$office" status --task medical --lang en >status.log; grep "is closed until" status.log
  run reveal --task medical --at "${visits}T11:00:00Z"
  run publish --out www --where "$place" --at "${visits}T12:00:00Z"
}
round 1 2026-03-02 2026-03-03 2026-03-04 2026-03-05 2026-04-07 7308264915503827164095382617940263518842

say "The register says now what the visits have found: two institutions are closed"
mapfile -t gone < <("$office" export ledger --task medical --out ledger.csv --lang en --quiet >ledger.log; grep ",replaced," ledger.csv | cut -d, -f5)
sed -E "/^(${gone[0]}|${gone[1]}),/s/,active,/,注销,/" "$data/quanzhou_units.csv" >units-2.csv
ends 4 import units units-2.csv
run import units units-2.csv --yes --at 2026-05-20T01:00:00Z
round 2 2026-06-02 2026-06-02 2026-06-03 2026-06-04 2026-07-07 4190537728816402953761840295573016482937

# By these dice an institution that was found closed in the second round is drawn again, which the page remarks.
round 3 2026-08-31 2026-09-01 2026-09-02 2026-09-03 2026-10-08 6042951837402719583360174928853741609257
# A newspaper keeps what it saw of the dice, and of the ledger after the last draw.
"$office" witness --task medical --out kept.txt --at 2026-10-09T01:00:00Z --quiet >witness.log

say "Where it stands"
"$office" status --task medical --lang en
run export coverage --task medical --out coverage.xlsx
run close --task medical --approved-by director --at 2026-12-30T01:00:00Z
run publish --out www --where "$place" --at 2026-12-30T02:00:00Z
run publish --auditor --out auditor --at 2026-12-30T03:00:00Z

say "A new year: its ledgers go on from where the old ones end"
# The same programme a year later (constructed: its holidays are those of the old one, without the make-up days). Seven last days of publication fall
# on a Saturday then, and are the Friday before; visits that would begin on a Saturday begin on the Monday after.
sed 's/2026/2027/g' "$examples/rules/quanzhou-2026.json" | sed 's/"make_up": *\[[^]]*\]/"make_up": []/' >2027.json
for moved in 05-22=05-24 06-12=06-11 07-24=07-23 07-31=07-30 08-14=08-13 09-11=09-10 12-11=12-10 12-18=12-17; do
  sed -i "s/\"2027-${moved%=*}\"/\"2027-${moved#*=}\"/" 2027.json
done
# The draw that moves so takes its dice and the matching of its teams with it.
sed -i 's/"2027-08-14T/"2027-08-13T/; s/"2027-08-18"/"2027-08-17"/' 2027.json
sed 's/"year": 2026/"year": 2027/' "$examples/rules/quanzhou.json" >2027-pack.json
run rules --pack 2027-pack.json --programme 2027.json --at 2027-01-04T01:00:00Z
run plan --task medical
run plan --task medical --adopt --approved-by director --at 2027-03-02T02:00:00Z
run seal --task medical --salt-key key.txt --secret secret.txt --at 2027-03-03T03:00:00Z
run publish --task medical --out www --where "$place" --at 2027-03-03T04:00:00Z
run beacon --task medical --value dice=1864093752270481936550728314962075183309 --at 2027-03-04T03:10:00Z
run draw --task medical --at 2027-03-04T03:20:00Z
ends 2 verify --task medical

say "A stranger, with an empty folder and what was published"
stranger=$(mktemp -d); cp -r www auditor kept.txt newspaper "$stranger"
cd "$stranger"; unset DOUBLE_RANDOM_DATABASE
ends 2 verify www
ends 2 verify www/2026-medical --checkpoint kept.txt
ends 0 verify www/2026-medical --checkpoint kept.txt --values newspaper/1.1.json --values newspaper/2.1.json --values newspaper/3.1.json
ends 2 verify auditor
ends 0 verify auditor --checkpoint kept.txt --values newspaper/1.1.json --values newspaper/2.1.json --values newspaper/3.1.json
say "One figure of one record changed"
record=www/2026-medical/draws/1.1/record.json
sed -i 's/"sequence":1/"sequence":2/' "$record"
ends 1 verify www
rm -r "$stranger"
say "The hour is over: $out"
