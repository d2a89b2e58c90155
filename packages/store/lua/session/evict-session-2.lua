#!lua
-- Takes the user away from a session because a newer one of the same user took over; the connection stays. It is out of its rooms
-- at once (they become `x:`, to be left properly by whoever evicts), and a new epoch makes what its node still sends for it fail.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet that tells it  2 events to keep  3 user  4 trace ('-' none)
-- Returns { how often it asked for a ticket, room to be left … }, repeatable until they are left · -1 no such session
local state, user, asks = unpack(redis.call('HMGET', KEYS[1], 'state', 'user', 'asks'))
if not state or state == 'ending' then return -1 end
local fields, taken = redis.call('HGETALL', KEYS[1]), user == ARGV[3]
for i = 1, #fields, 2 do -- it may be about to stand for another user, and be in a room as this one still
  if string.sub(fields[i], 1, 2) == 'r:' and cjson.decode(fields[i + 1]).user == ARGV[3] then taken = true end
end
local answer = { tonumber(asks) }
for i = 1, #fields, 2 do
  local field = fields[i]
  local kind, room = string.match(field, '^([aprx]):(.*)$')
  if taken and kind and kind ~= 'x' then
    local attempt = kind ~= 'p' and redis.call('HGET', KEYS[1], (kind == 'a' and 'a:' or 'i:') .. room)
    redis.call('HDEL', KEYS[1], field)
    redis.call('HSET', KEYS[1], 'x:' .. room, attempt or '')
  end
  if kind == 'x' or (taken and kind) then answer[#answer + 1] = room end
end
if not taken then return answer end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HDEL', KEYS[1], 'ticket', 'opening', 'user', 'feed')
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[2] or ARGV[2], '0-' .. number, ARGV[4], ARGV[1])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"evicted":' .. epoch .. ',"trace":"' .. ARGV[4] .. '"}\n' .. ARGV[1])
return answer
