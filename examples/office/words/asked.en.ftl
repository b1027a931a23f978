## What is asked of whoever brings a table
office-marked-broken = the workbook cannot be marked: { $what }
office-marked-xls = an .xls cannot be marked: save it as .xlsx, and import that
office-table-values = among them: { $values }
office-marked-offer = --marked FILE writes a copy of the table with the problems marked in it, to be corrected and imported
office-marked-written = the problems are marked in { $file }: correct that copy, and import it
