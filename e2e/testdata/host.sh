# The first process of a host of its own (see host.go). $1 is the folder for what the host writes.
set -eu
dir=$1

mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
# Only for the mount points below: what this makes in /etc and /var, this machine never sees.
for name in etc var; do
	mkdir -p "$dir/$name" "$dir/work/$name"
	mount -t overlay -o "lowerdir=/$name,upperdir=$dir/$name,workdir=$dir/work/$name" overlay "/$name"
done
for path in etc/docker etc/bulwark var/lib/docker var/log; do
	mkdir -p "$dir/fresh/$path" "/$path"
	mount --bind "$dir/fresh/$path" "/$path"
done
mount --make-rshared / # as on a host with systemd
busybox ip link set lo up
echo ready

# The host ends when the test that holds the other end of this pipe does, however that ends.
exec 3<&0
cat <&3 >/dev/null &
wait $!
