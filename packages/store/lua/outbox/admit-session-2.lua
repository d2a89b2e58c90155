#!lua
-- Gives a session its seat in a room that it has entered, and tells it who is there, in one step. Others are still to be told (`n:`).
-- Whoever told it of a change, or of what was said, since that list was made has left a mark (`v:`, `s:`): then a newer one is needed.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 events to keep  5 epoch  6 opening event's content (JSON; '' not the opening)
--       7 attempt  8 revision of the list  9 1 if it is in one room at a time  10 trace ('-' none)
-- Returns { event's number, room to be left … } · -1 no such session · -2 fenced · -3 that attempt counts no more · -8 outdated list
local state, epoch, aimed, seat, by, had, said = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch',
  'a:' .. ARGV[1], 'r:' .. ARGV[1], 'i:' .. ARGV[1], 'v:' .. ARGV[1], 's:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[5] then return -2 end
if (seat and by or aimed) ~= ARGV[7] then return -3 end
if math.max(tonumber(had or 0), tonumber(said or 0)) > tonumber(ARGV[8]) then return -8 end
local answer = { 0 }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind, room = string.match(field, '^([arx]):(.*)$')
  if kind and room ~= ARGV[1] and (kind ~= 'r' or ARGV[9] == '1') then
    answer[#answer + 1] = room
    if kind ~= 'x' then
      redis.call('HSET', KEYS[1], 'x:' .. room, redis.call('HGET', KEYS[1], (kind == 'a' and 'a:' or 'i:') .. room))
      redis.call('HDEL', KEYS[1], field)
    end
  end
  if string.match(field, '^m:(.*)\n') == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end
if not seat then redis.call('HSET', KEYS[1], 'i:' .. ARGV[1], ARGV[7], 'n:' .. ARGV[1], ARGV[7]) end
redis.call('HDEL', KEYS[1], 'a:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'r:' .. ARGV[1], ARGV[2], 'w:' .. ARGV[1], ARGV[8], 'v:' .. ARGV[1], ARGV[8])
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], 'opening', ARGV[6]) end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
answer[1] = number
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[4] or ARGV[4], '0-' .. number, ARGV[10], ARGV[3])
local control = '{"in":' .. cjson.encode(ARGV[1]) .. ',"seat":' .. ARGV[2] .. ',"trace":"' .. ARGV[10] .. '"}'
redis.call('SPUBLISH', KEYS[2], number .. '\n' .. control .. '\n' .. ARGV[3])
return answer
