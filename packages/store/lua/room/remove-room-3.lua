#!lua flags=allow-oom
-- Removes a closing room after all sessions were taken out of it. The room is remembered as void for a while, so that a
-- late repetition of its opening can't bring it back. Its last messages are kept for as long: somebody may report them.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 remembered (how long a void room is, ms)  2 messages (to keep)  3 bytes (of messages to keep)
-- Returns 1 · 0 it is not closing
local meta, peers, chat = unpack(KEYS)
local remembered, messages, bytes = unpack(ARGV)
local state, said = unpack(redis.call('HMGET', meta, 'state', 'said'))
if state ~= 'closing' then return 0 end
redis.call('DEL', meta, peers)
redis.call('HSET', meta, 'state', 'void')
redis.call('PEXPIRE', meta, remembered)
redis.call('XTRIM', chat, 'MAXLEN', messages)
trimToBytes(chat, bytes, tonumber(said or 0))
redis.call('PEXPIRE', chat, remembered)
return 1
