#!lua
-- Ends the lease of a node that holds nothing any more, unless it has given a sign of life.
-- KEYS: 1 leases
-- ARGV: 1 node  2 now (ms)
-- Returns 1 · 0 it has
local until_ = redis.call('ZSCORE', KEYS[1], ARGV[1])
if until_ and tonumber(until_) > tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return 1
