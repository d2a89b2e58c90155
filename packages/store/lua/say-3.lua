#!lua
-- Keeps a chat message, in the room's one order, and tells who is to hear it.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 session that speaks  2 message (JSON)  3 messages to keep
-- Returns { id, session … } · -3 it isn't in that room
if redis.call('HGET', KEYS[1], 'state') ~= 'open' or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return -3 end
local id = redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'm', ARGV[2])
return { id, unpack(redis.call('HKEYS', KEYS[2])) }
