# OCI images from what was built. Sourced; expects ROOT, toolchain.sh and build.sh.
IMAGES=$ROOT/.spandrel/images
IMAGE_VERSION=0.1.0
# What the two programs use of the JDK; java.sql and java.security.jgss because Jackson and Netty name their types.
MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs

# build_images trained|plain: prints a line for each: name, digest, file.
build_images() {
  build_all
  build_image_tool
  [[ $(ldconfig -p) == *libbpf.so.1* ]] || install_packages libbpf1
  stage_java
  stage_program spandrel-operator "$OPERATOR_HOME"
  image spandrel-operator 65532 /opt/java/bin/java @/app/jvm.options -jar /app/quarkus-run.jar
  stage_program spandrel-agent "$AGENT_HOME" libbpf.so.1
  local options=()
  [[ $1 == plain ]] || train_agent_image
  [[ ! -d $IMAGES/spandrel-agent/layers/5-trained ]] || options=(-XX:AOTCache=/app/operator.aot)
  image spandrel-agent '' /opt/java/bin/java @/app/jvm.options "${options[@]}" -jar /app/quarkus-run.jar
}

build_image_tool() {
  local stamp=$ROOT/images/target/stamp
  built "$stamp" "$ROOT"/images "$ROOT/pom.xml" && return
  maven -q package -DskipTests -pl images >&2
  touch "$stamp"
}

image_tool() {
  find_java
  "$JAVA_HOME/bin/java" -cp "$ROOT/images/target/classes:$ROOT/images/target/lib/*" dev.spandrel.images.Main "$@"
}

# image NAME USER WORD…
image() {
  local name=$1 user=$2 archive=$IMAGES/$1.tar digest
  shift 2
  digest=$(image_tool image "$name:$IMAGE_VERSION" "$IMAGES/$name/layers" "$user" "$archive" "$@")
  echo "$name:$IMAGE_VERSION $digest $archive"
}

# One runtime for both, with the C libraries that it needs.
stage_java() {
  find_java
  local java=$IMAGES/java key
  key=$(cat "$JAVA_HOME/release" <(echo "$MODULES") | sha256sum)
  [[ $(cat "$java/key" 2>/dev/null) != "$key" ]] || return 0
  rm -rf "$java"
  mkdir -p "$java/system" "$java/java/opt"
  jlink --add-modules "$MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages --output "$java/java/opt/java"
  stage_libraries "$java/system" "$java"/java/opt/java/{bin/java,lib/server/libjvm.so,lib/*.so}
  mkdir -p "$java/system/etc"
  echo 'hosts: files dns' >"$java/system/etc/nsswitch.conf"
  printf '%s\n' root:x:0:0:::/ spandrel:x:65532:65532:::/ >"$java/system/etc/passwd"
  echo "$key" >"$java/key"
}

# stage_libraries FOLDER FILE…: what the dynamic linker would load for them, at the same places. The places are added to FOLDER/../libraries.
stage_libraries() {
  local folder=$1 library
  shift
  for library in $(ldd "$@" 2>/dev/null | grep -oE '/[^ ]+\.so[^ :]*' | grep -v "$IMAGES" | sort -u); do
    stage_file "$folder" "$library"
  done
}

stage_file() {
  install -D -m 755 "$(readlink -f "$2")" "$1$2"
  echo "$2" >>"$1/../libraries"
}

# stage_program NAME HOME [LIBRARY…]: its layers, from what changes least to what changes most.
stage_program() {
  local name=$1 home=$2 app=$2/target/quarkus-app layers=$IMAGES/$1/layers library path
  shift 2
  rm -rf "${IMAGES:?}/$name"
  mkdir -p "$layers"/{3-lib,4-app}/app/lib
  cp -a "$IMAGES/java/system" "$layers/1-system"
  cp -a "$IMAGES/java/libraries" "$layers/libraries"
  cp -a "$IMAGES/java/java" "$layers/2-java"
  for library in "$@"; do
    path=$(ldconfig -p | sed -n "s|.*$library.* => ||p" | head -1)
    stage_file "$layers/1-system" "$path"
    stage_libraries "$layers/1-system" "$path"
  done
  cp -a "$app"/lib/* "$layers/3-lib/app/lib/"
  (cd "$layers/3-lib" && find . -name 'dev.spandrel.*' -exec sh -c 'mkdir -p "../4-app/$(dirname "$1")" && mv "$1" "../4-app/$1"' - {} \;)
  cp -a "$app"/{app,quarkus,quarkus-run.jar} "$home/jvm.options" "$layers/4-app/app/"
  image_tool jar "$layers/4-app/app/quarkus/generated-bytecode.jar"
  bill_of_materials "$name" "$app" "$layers"
  rm "$layers/libraries"
}

bill_of_materials() {
  local name=$1 app=$2 layers=$3 packages=$IMAGES/$1/packages library
  while read -r library; do
    (dpkg-query -S "$(readlink -f "$library")" || dpkg-query -S "$library") 2>/dev/null | head -1 | cut -d: -f1,2 | sed 's/: .*//'
  done <"$layers/libraries" | sort -u | xargs -r dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' >"$packages"
  image_tool sbom "$name" "$IMAGE_VERSION" "$app/quarkus-app-dependencies.txt" "$packages" "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")" \
    "$IMAGES/$name.cdx.json"
  install -D -m 644 "$IMAGES/$name.cdx.json" "$layers/4-app/usr/share/sbom/$name.cdx.json"
}

# A cache fits only the very files it was trained with, times included: those that the image gives them. So it is trained in a root like the image's, and kept as long as that is the same.
train_agent_image() {
  local home=$IMAGES/spandrel-agent root=$IMAGES/spandrel-agent/root key cache log=$IMAGES/spandrel-agent/training.log
  [[ $(id -u) == 0 ]] || { say "dev: not root: the agent's image goes without its trained layer"; return 0; }
  key=$(cd "$home/layers" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
  cache=$IMAGES/agent-$key.aot
  if [[ ! -e $cache ]]; then
    rm -rf "$IMAGES"/agent-*.aot
    mkdir -p "$root"/{proc,sys,tmp}
    for layer in "$home"/layers/*; do cp -al "$layer/." "$root/"; done
    find "$root" -exec touch -hd @1 {} +
    # The mounts end with the process.
    learn "$log" http://127.0.0.1:1 sleep 2 -- unshare --mount bash -c 'mount --rbind /proc "$1/proc" && mount --rbind /sys "$1/sys" && exec chroot "${@:1}"' - "$root" \
      /opt/java/bin/java @/app/jvm.options -XX:AOTCacheOutput=/app/operator.aot -jar /app/quarkus-run.jar \
      --operator localhost:1 --node training --state-dir /tmp --http 127.0.0.1:0
    [[ -e $root/app/operator.aot ]] || { tail -5 "$log" >&2; die "the training run left no cache; see $log"; }
    mv "$root/app/operator.aot" "$cache"
    rm -rf "$root"
  fi
  install -D -m 644 "$cache" "$home/layers/5-trained/app/operator.aot"
}

verify_images() {
  local copy code=0
  mkdir -p "$IMAGES"
  build_images plain | cut -d' ' -f1,2 >"$IMAGES/here"
  copy=$(mktemp -d)
  (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" 2>/dev/null) || true
  "$copy/dev" images --plain | cut -d' ' -f1,2 >"$IMAGES/elsewhere"
  rm -rf "$copy"
  cat "$IMAGES/here"
  diff "$IMAGES/here" "$IMAGES/elsewhere" >&2 || code=1
  ((code == 0)) && say "dev: the same digests from a clean copy" || die "the digests differ"
}
