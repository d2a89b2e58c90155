#!lua
-- Removes a closing room that everyone was taken out of. It is remembered as void for a while, so that a late repetition of its
-- opening can't bring it back.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 how long it is remembered (ms)
-- Returns 1 · 0 it isn't closing
if redis.call('HGET', KEYS[1], 'state') ~= 'closing' then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'state', 'void')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
