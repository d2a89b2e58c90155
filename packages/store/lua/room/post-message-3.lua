#!lua
-- Keeps a chat message, in the room's one order, and tells who is to hear it. In a room that clients name it counts as a change.
-- After a session has spoken in a later epoch, nothing of an earlier one is kept: so what a stalled node still holds can't come late.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 session that speaks  2 message (JSON)  3 messages to keep  4 speaker's epoch
-- Returns { id, room's revision ('' for a pair), session … } · -2 fenced · -3 it isn't in that room
local state, revision, fence = unpack(redis.call('HMGET', KEYS[1], 'state', 'revision', 'f:' .. ARGV[1]))
if state ~= 'open' or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return -3 end
local floor, epoch = tonumber(fence or 1), tonumber(ARGV[4])
if epoch < floor then return -2 end
if epoch > floor then redis.call('HSET', KEYS[1], 'f:' .. ARGV[1], epoch) end
local id = redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'm', ARGV[2])
if revision then revision = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'revision', 1)) end
return { id, revision or '', unpack(redis.call('HKEYS', KEYS[2])) }
