# Runs a PostgreSQL in the folder $1, with the server's programs in $2, for as long as
# standard input stays open; then ends it and removes the folder. Says "ready" once the
# server takes connections, or else what went wrong.
#
# Durability is off: nothing of this is meant to outlive the test.

trap '' PIPE # whoever reads "ready" may be gone; the folder must still be removed
dir=$1
bin=$2

"$bin/initdb" --pgdata="$dir/data" --username=arbot --auth=trust --encoding=UTF8 \
	--locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 &&
	"$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/log" --wait --silent \
		--options="-k $dir -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
		start >>"$dir/log" 2>&1 &&
	echo ready && cat >/dev/null || cat "$dir/log"

"$bin/pg_ctl" --pgdata="$dir/data" --mode=immediate --silent stop >/dev/null 2>&1
cd / && rm -rf "$dir"
