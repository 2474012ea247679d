"""Everything that can be shown, without the screen: a selection of the data, cards, and their addresses.

`building.build(address, viewer, store)` makes the card of an address for whoever opens it; pages, files and the command
line all go through it.

selected    what is selected of the data      address   of a card: its id, selection and choices; as text
view        a selection as somebody sees it   building  a card from its address, or a sentence why it is gone
data        reading the store, kept           choices   kinds of choices of cards, and the ids that a view offers
offered     what can be selected              cards     the cards, a module a page
masks       aliases in meetings               files     cards as files
peers       who agencies are held against     numbers   what of a card can be traced
derived     what takes its time, kept         wide      long tables as wide ones
remarks     what a chart shows, in sentences  words     names of things; text made harmless
storyboards kept cards, as a deck                panel     what is behind a score
behind      what marks and rows stand for     memory    values kept for every visitor
search      what can be found, and where     sides     agencies held against assessors
since       what has changed since a closed round
paper       what one-page documents say        scores    of those that count, the kinds and years asked for
told        a card in one sentence             ahead     what is found before the first visitor
texts       which stand again, how far that is found
"""
