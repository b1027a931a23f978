## What is asked of whoever brings a table
office-marked-broken = the workbook cannot be marked: { $what }
office-marked-xls = an .xls cannot be marked: save it as .xlsx, and import that
office-marked-paper = a .docx cannot be marked: copy its table into an .xlsx, and import that
office-table-values = among them: { $values }
office-marked-offer = --marked FILE writes a copy of the table with the problems marked in it, to be corrected and imported
office-marked-written = the problems are marked in { $file }: correct that copy, and import it
office-cell-unnumbered = the last day of a licence without number: the number is entered as -
office-cell-town = a township, and the rules have only one division: the row is of that division
office-asked-set = { $place }: { $count } empty cells of the column { $heading } are read as { $value } (--set)
office-asked-skipped = the column { $heading } is not read (--skip)
office-cell-beside = stands beside { $name }, and the register has that name for { $other }: one of them is wrong
office-asked-column_twice = the column { $heading } has two answers
office-asked-no_column = --skip { $heading }: the table has no column that is called so
office-asked-no_field = --set { $heading }: a table of this kind has no column that is called so; it has { $columns }
office-asked-word_twice = the word { $word } has two meanings
office-asked-meant = { $word } is read as { $code } (--means), { $count } times
office-asked-idle = --means { $word }={ $code }: no cell says so
office-note-leave = { $place }: { $text }: read as an absence ({ $from }–{ $to })
office-import-pair = { $option } "{ $text }": a name, =, and a value are needed
office-cell-idle = qualifications, and the rules have none: not read
office-asked-offer = a whole column is answered once: --set COLUMN=VALUE fills its empty cells, or one that is missing; --means WORD=CODE says what a word means; --skip COLUMN leaves it out
