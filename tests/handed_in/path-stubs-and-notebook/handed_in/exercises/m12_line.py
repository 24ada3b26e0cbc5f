# <stub m12_line>
