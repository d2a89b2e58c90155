#!lua flags=allow-oom
-- Removes a closing room after all sessions were taken out of it. The room is remembered as void for a while, so that a
-- late repetition of its opening can't bring it back.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 remembered (how long a void room is, ms)
-- Returns 1 · 0 it is not closing
local meta, peers, chat = unpack(KEYS)
local remembered = unpack(ARGV)
if redis.call('HGET', meta, 'state') ~= 'closing' then return 0 end
redis.call('DEL', meta, peers, chat)
redis.call('HSET', meta, 'state', 'void')
redis.call('PEXPIRE', meta, remembered)
return 1
