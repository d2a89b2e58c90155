#!lua
-- Forgets a room that a session has left, or did not get into, with all that it knew of it; if it has not begun to enter it again.
-- KEYS: 1 session
-- ARGV: 1 room  2 attempt up to which it was left
-- Returns 1 · 0 there is nothing to forget
local leaving, aimed = unpack(redis.call('HMGET', KEYS[1], 'x:' .. ARGV[1], 'a:' .. ARGV[1]))
local attempt = tonumber(leaving or aimed)
if not attempt or attempt > tonumber(ARGV[2]) then return 0 end
for _, kind in ipairs({ 'a:', 'i:', 'n:', 's:', 'v:', 'w:', 'x:' }) do redis.call('HDEL', KEYS[1], kind .. ARGV[1]) end
local fields, elsewhere = redis.call('HKEYS', KEYS[1]), false
for _, field in ipairs(fields) do
  if string.sub(field, 1, 2) == 'r:' then elsewhere = true end
  if string.match(field, '^m:(.*)\n') == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end
for _, field in ipairs(fields) do
  if string.sub(field, 1, 2) == 'f:' and not elsewhere then redis.call('HDEL', KEYS[1], field) end
end
return 1
