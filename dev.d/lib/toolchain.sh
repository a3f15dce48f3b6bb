# Finds or installs what a build needs. Sourced; expects ROOT.
source "$ROOT/dev.d/lib/packages.sh"
CACHE=${SPANDREL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/spandrel}
MAVEN_VERSION=3.9.16

say() { printf '%s\n' "$*" >&2; }
die() { say "dev: $*"; exit 1; }

# help_if_asked "$0" "$@": prints the comment block at the top of a command and ends.
help_if_asked() {
  local file=$1
  shift
  for word in "$@"; do
    case $word in
      -h | --help) sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$file"; exit 0 ;;
    esac
  done
}

# help_of_program "$0" JAR "$@": the same for a command that hands its arguments on to a program; its own help follows if it was built.
help_of_program() {
  local file=$1 jar=$2
  shift 2
  [[ " $* " == *' --help '* || " $* " == *' -h '* ]] || return 0
  (help_if_asked "$file" --help)
  [[ -f $jar ]] || { echo "  not built yet: run ./dev build and ask again"; exit 0; }
}

# Prints 0 where there is no JDK. From the file that every JDK has: asking the JVM itself takes a tenth of the agent's start.
java_version() {
  local line version=0
  if [[ -r $1/release ]]; then
    while read -r line; do [[ $line == JAVA_VERSION=\"* ]] && version=${line#*\"} && version=${version%%[!0-9]*}; done <"$1/release"
  fi
  echo "$version"
}

# The folder of the javac on the PATH.
java_of_path() {
  local javac
  javac=$(command -v javac) && dirname "$(dirname "$(readlink -f "$javac")")"
}

# Exports JAVA_HOME: the first JDK of version 25 or newer. Commands that a person waits for begin here: as few processes as can be.
find_java() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* PATH; do
    [[ $home != PATH ]] || home=$(java_of_path) || continue
    if [[ -x $home/bin/javac ]] && (($(java_version "$home") >= 25)); then
      export JAVA_HOME=$home PATH=$home/bin:$PATH
      return
    fi
  done
  local package
  for package in openjdk-25-jdk-headless temurin-25-jdk; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      install_packages "$package"
      find_java
      return
    fi
  done
  die "JDK 25 is needed: install one (Debian: openjdk-25-jdk-headless or temurin-25-jdk) or set JAVA_HOME"
}

# Puts a Go on the PATH that can build the modules of tests-e2e: 1.25, or one that fetches it itself (since 1.21).
find_go() {
  local home version
  for home in "$(dirname "$(command -v go || echo /x/x)")" /usr/local/go/bin /usr/lib/go-1.*/bin; do
    if [[ -x $home/go ]] && (($("$home/go" version | sed -n 's/.* go1\.\([0-9]*\).*/\1/p') + 0 >= 21)); then
      export PATH=$home:$PATH
      return
    fi
  done
  version=$(apt-cache pkgnames golang-1. 2>/dev/null | sed -n 's/^golang-1\.\([0-9]*\)-go$/\1/p' | sort -n | tail -1)
  ((${version:-0} >= 21)) || die "Go 1.25 is needed and the system's packages have none: install one and put it on the PATH"
  install_packages "golang-1.$version-go"
  export PATH=/usr/lib/go-1.$version/bin:$PATH
}

# Runs Maven on JDK 25. The build needs Maven 3.9; an older system Maven fetches it as a normal artifact.
maven() {
  find_java
  local home=$CACHE/apache-maven-$MAVEN_VERSION
  if [[ ! -x $home/bin/mvn ]]; then
    need mvn maven
    say "dev: fetching Maven $MAVEN_VERSION"
    (cd / && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get -Dartifact=org.apache.maven:apache-maven:$MAVEN_VERSION:zip:bin 2>/dev/null \
      && mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=org.apache.maven:apache-maven:$MAVEN_VERSION:zip:bin -DoutputDirectory="$CACHE" 2>/dev/null) \
      || die "Maven $MAVEN_VERSION could not be fetched; is the Maven repository reachable?"
    (cd "$CACHE" && "$JAVA_HOME/bin/jar" xf apache-maven-$MAVEN_VERSION-bin.zip && rm apache-maven-$MAVEN_VERSION-bin.zip && chmod +x apache-maven-$MAVEN_VERSION/bin/mvn)
  fi
  (cd "$ROOT" && "$home/bin/mvn" -B -ntp "$@")
}
