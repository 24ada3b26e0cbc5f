# <m12_line>
