#!lua flags=allow-oom
-- Notifies all nodes that tokens are void. Nodes read the entries after the last one that they know, so a message that is
-- lost delays them by a second.
-- KEYS: 1 voids
-- ARGV: 1 since (entries older than this are removed, ms)  2 kept (for how long the key stays, ms)  3 … ids of tokens
-- Returns how many ids
local voids = unpack(KEYS)
local since, kept = unpack(ARGV)
for i = 3, #ARGV do redis.call('XADD', voids, 'MINID', since, '*', 't', ARGV[i]) end
redis.call('PEXPIRE', voids, kept)
redis.call('SPUBLISH', voids, '')
return #ARGV - 2
