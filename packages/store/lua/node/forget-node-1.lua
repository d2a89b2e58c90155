#!lua flags=allow-oom
-- Removes the lease of a node that no longer holds anything, unless the node has renewed it.
-- KEYS: 1 leases
-- ARGV: 1 node  2 now (ms)
-- Returns 1 removed · 0 the node has renewed its lease
local leases = unpack(KEYS)
local node, now = unpack(ARGV)
local ends = redis.call('ZSCORE', leases, node)
if ends and tonumber(ends) > tonumber(now) then return 0 end
redis.call('ZREM', leases, node)
return 1
