
cd "$(dirname "${BASH_SOURCE[0]}")"

# One command as it would be typed.
show() {
  local word line=''
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_./:,@%+=-]*) word="'${word//\'/\'\\\'\'}'" ;;
    esac
    line+=" $word"
  done
  printf '%s\n' "${line# }"
}

refuse() {
  printf 'error: %s\n' "$1" >&2
  exit 2
}

# The tree is of one environment; --env may name it, and nothing else.
is_environment() {
  [ "$1" = "$environment" ] || refuse "this is the @noun@ of environment $environment, not $1: render that one, or leave --env out"
}

# Programs that are not installed.
missing() {
  local program
  for program in "$@"; do
    type -P "$program" >/dev/null || printf ' %s' "$program"
  done
}
