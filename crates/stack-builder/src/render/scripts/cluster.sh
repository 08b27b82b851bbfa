
# Whether kind has a cluster of this name. That kind cannot be asked is not an answer.
has_cluster() {
  local clusters
  clusters=$(kind get clusters) || refuse 'kind cannot say which clusters there are: see its message above'
  grep -xF -- "$1" <<<"$clusters" >/dev/null
}
