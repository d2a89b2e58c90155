#!lua flags=allow-oom
-- Copies the next entries of a feed to a draft, without what a user is named in: the user's messages are erased, or go on
-- under another name. Entries keep their ids. A draft that nobody goes on with is gone after a while.
-- KEYS: 1 feed  2 draft
-- ARGV: 1 user (in lower case)  2 name (in the place of the user's; '' the messages are erased)  3 upto (ms: later messages
--       are another one's)  4 most (entries)  5 kept (ms)
-- Returns how many were copied
local feed, draft = unpack(KEYS)
local user, name, upto, most, kept = unpack(ARGV)
local last = redis.call('XREVRANGE', draft, '+', '-', 'COUNT', 1)[1]
local entries = redis.call('XRANGE', feed, last and '(' .. last[1] or '-', '+', 'COUNT', most)
for _, entry in ipairs(entries) do
  local fields = entry[2]
  local text = fields[2]
  if string.find(string.lower(text), '"user":"' .. user .. '"', 1, true) then
    local event = cjson.decode(text)
    local message = event.message
    local isOlder = tonumber(string.match(entry[1], '^%d+')) <= tonumber(upto)
    if message and isOlder and string.lower(message.user) == user then
      message.session, message.user = '', name
      fields[2] = name == '' and '{"type":"erased"}' or cjson.encode(event)
    end
  end
  redis.call('XADD', draft, entry[1], unpack(fields))
end
redis.call('PEXPIRE', draft, kept)
return #entries
