#!lua flags=allow-oom
-- Renews a node's lease. A renewal is late by Redis's own clock, too: it may have been on its way for long.
-- KEYS: 1 leases
-- ARGV: 1 node  2 now (ms, when it was issued)  3 length (ms)
-- Returns how many nodes are alive, if it was renewed in time · 0 the lease had run out: the node's sessions may have been
--   given up
local leases = unpack(KEYS)
local node, now, length = unpack(ARGV)
local ends = redis.call('ZSCORE', leases, node)
redis.call('ZADD', leases, tonumber(now) + tonumber(length), node)
if not ends or tonumber(ends) <= tonumber(now) or isOver(ends) then return 0 end
return redis.call('ZCOUNT', leases, now, '+inf')
