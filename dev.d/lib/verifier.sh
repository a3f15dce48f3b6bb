# What it costs to prove each program on each kernel: tests-e2e/kernels/verifier/KERNEL.tsv has what was found acceptable. Sourced by kernels.sh.
VERIFIED=$ROOT/tests-e2e/kernels/verifier
# In percent of the table: the kernel's own updates move the figures a little, a change that doubles them is seen.
VERIFIER_TOLERANCE=50

# figures LOG: object, program, instructions verified, states, bytes of stack of all its functions. Times are not in it: they are those of the machine.
figures() { awk -F'\t' '/^guest: begin / { object = $0; sub(/.* /, "", object); sub(/\.bpf\.o$/, "", object) } /^verifier\t/ { print object "\t" $2 "\t" $3 "\t" $4 "\t" $5 }' "$1" | sort; }

# load_times LOG: per object, milliseconds to load and to attach everything, and of the processor.
load_times() { awk -F'\t' '/^guest: begin / { object = $0; sub(/.* /, "", object) } /^times\t/ { printf "%s: loaded in %s ms (%s ms of this process), attached in %s ms\n", object, $2, $3, $4 }' "$1"; }

# not_loaded MACHINE LOG: a line for each object that did not load although the kernel has its hooks: of its programs nothing is known.
not_loaded() {
  local object
  for object in "$ROOT/bpf/build/$1"/*.bpf.o; do
    object=$(basename "$object")
    [[ $(verdict "$object" "$2") == unsupported ]] || [[ $'\n'$(load_times "$2") == *$'\n'"$object:"* ]] || echo "$object: the kernel did not load it"
  done
}

# check_figures KERNEL LOG: with REFRESH set the table is written anew, unless there is something that did not load. A kernel without a table has nothing to be
# compared with; a program that is not in the table fails.
check_figures() {
  local table=$VERIFIED/$1.tsv missing
  missing=$(not_loaded "${1##*-}" "$2")
  [[ -z $missing ]] || { echo "$missing"; return 1; }
  if [[ -n ${REFRESH:-} ]]; then
    mkdir -p "$VERIFIED"
    { printf 'object\tprogram\tinstructions\tstates\tstack\n'; figures "$2"; } >"$table"
    return
  fi
  [[ -e $table ]] || { say "dev: $1 has no table of the verifier's figures: ./dev kernels --refresh writes it"; return 0; }
  figures "$2" | awk -F'\t' -v tolerance="$VERIFIER_TOLERANCE" -v kernel="$1" '
    BEGIN { split("instructions states stack", name, " ") }
    FNR == NR { for (i = 3; i <= 5; i++) was[$1, $2, i] = $i; known[$1, $2] = 1; next }
    !(($1, $2) in known) { print $1 " " $2 ": not in the table (./dev kernels --refresh takes what is)"; bad = 1; next }
    { for (i = 3; i <= 5; i++) if ($i > was[$1, $2, i] * (1 + tolerance / 100) && $i > was[$1, $2, i] + 100) {
        printf "%s %s: %d %s verified, %d in the table (./dev kernels --refresh takes what is)\n", $1, $2, $i, name[i - 2], was[$1, $2, i]; bad = 1 } }
    END { exit bad }' "$table" -
}
